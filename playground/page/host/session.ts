import type { Change } from '../../discord/changes.ts';
import type { ShownModal, Use } from '../../discord/driver/use.ts';
import type { Attachment } from '../../discord/state/message.ts';
import type { Upload } from '../../discord/state/upload.ts';
import { discordLimits } from '../../discord/world.ts';
import type { Answer, FromHost, FromPage, Panel, PersonView } from '../protocol.ts';
import { parseAsk } from './ask.ts';
import { modalView } from './modal-view.ts';
import { complete, perform, type Actor, type Deed } from './perform.ts';
import type { Person, Playground } from './playground.ts';
import { createScreen } from './screen.ts';
import { viewOf } from './view.ts';

/** One open page, and as whom it sees. */
export interface Session {
  hear(message: string): Promise<void>;
  /** Shows what has changed of what the viewer sees. */
  refresh(): void;
  showPanel(panel: Panel): void;
  /** Tells what leaves no trace. */
  tell(change: Change): void;
}

export interface SessionDeps {
  readonly playground: Playground;
  readonly findFile: (fileId: string) => Upload;
  readonly linkTo: (attachment: Attachment) => string;
  readonly send: (message: FromHost) => void;
  /** The side panel of every page is out of date. */
  readonly panelChanged: () => void;
}

/** Forms that may lie open in one page; older ones cannot be sent any more. */
const modalsKept = 20;

export function openSession({ playground, findFile, linkTo, send, panelChanged }: SessionDeps): Session {
  const { discord, people, bot, trouble, speed } = playground;
  const modals = new Map<string, ShownModal>();
  const screen = createScreen(send);
  const actAs = (person: Person): Actor => ({ person, sight: discord.sightOf(person), findFile, findModal });
  let actor = actAs(people[0]);

  function findModal(modalId: string): ShownModal {
    const modal = modals.get(modalId);
    if (!modal) throw new Error('Cannot send this form any more: open it once more');
    return modal;
  }

  const look = () => viewOf({ sight: actor.sight, viewerId: actor.person.id, now: discord.clock.now(), linkTo });
  const begin = (personId: string) => {
    const person = people.find(({ id }) => id === personId);
    if (!person) throw new Error('Cannot see as somebody who is not here');
    actor = actAs(person);
    modals.clear();
    screen.begin(person.id, look());
  };

  async function openModal(use: Use, ask: number): Promise<void> {
    const { id } = use.interaction;
    modals.set(id, await use.modal());
    for (const old of [...modals.keys()].slice(0, -modalsKept)) modals.delete(old);
    send({ type: 'modal', ask, modal: modalView(id, findModal(id)) });
  }

  async function act(deed: Deed, ask: number): Promise<void> {
    const use = await perform(deed, actor);
    // Most uses open no form; and one that gets no answer shows as such by itself.
    if (use) void openModal(use, ask).catch(() => undefined);
  }

  async function settle(asked: FromPage): Promise<Answer> {
    const { ask } = asked;
    if (asked.type === 'autocomplete') return { type: 'choices', ask, choices: await complete(asked, actor) };
    if (asked.type === 'seeAs') begin(asked.personId);
    else if (asked.type === 'trouble') trouble.set(asked.name, asked.isOn);
    else if (asked.type === 'speed') speed.set(asked.speed);
    else if (asked.type !== 'bot') await act(asked, ask);
    else if (asked.action === 'start') bot.start();
    else await bot.end(asked.action);
    panelChanged();
    return { type: 'done', ask };
  }

  send({ type: 'welcome', viewers: people.map(viewerOf), uploads: uploadLimits });
  begin(people[0].id);
  return {
    async hear(message) {
      const asked = parseAsk(message);
      send(
        await settle(asked).catch((error: unknown) => {
          return { type: 'refused', ask: asked.ask, why: error instanceof Error ? error.message : String(error) };
        }),
      );
    },
    refresh() {
      screen.show(look());
    },
    showPanel: (panel) => {
      screen.showPanel(panel);
    },
    tell(change) {
      if (change.type !== 'typing' || !actor.sight.channels().some(({ id }) => id === change.channel.id)) return;
      send({ type: 'typing', channelId: change.channel.id, personId: discord.applicationId });
    },
  };
}

const uploadLimits = { largestBytes: discordLimits.attachmentBytes, mostFilesPerMessage: 10 };

function viewerOf({ id, name, memberships }: Person): PersonView {
  return { id, name, isBot: false, guildIds: memberships.map(({ guild }) => guild.id) };
}
