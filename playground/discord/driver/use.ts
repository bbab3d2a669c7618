import { createInteraction } from '../actions/interactions.ts';
import type { ModalBody } from '../rules/modal-body.ts';
import type { Answer, Interaction } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import { isLoading } from '../state/message.ts';
import type { World } from '../world.ts';
import type { FieldValues } from './modal.ts';
import { submitModal } from './modal.ts';
import type { Patience } from './until.ts';
import { until } from './until.ts';

/** A modal on a member's screen. */
export interface ShownModal extends ModalBody {
  /** Sends it. Keys are custom ids; what Discord's client would not send throws. */
  submit(values: FieldValues): Promise<Use>;
}

/** One use that a member made of the bot: a command, a press, a modal sent. */
export interface Use {
  readonly interaction: Interaction;
  /** The first answer. Rejects when the member reads that the application did not respond: after three seconds. */
  answer(): Promise<Answer>;
  /** The message that answers, once it says something: after a deferral, once it has been edited. */
  reply(patience?: Patience): Promise<Message>;
  /** The modal that was opened. Rejects when the answer was something else. */
  modal(): Promise<ShownModal>;
  /** All messages made for this use, the first reply and those that follow it, ephemeral ones included. */
  messages(): readonly Message[];
}

export function createUse(world: World, interaction: Interaction): Use {
  const answer = () => waitForAnswer(world, interaction);
  const seenVersions = interaction.source?.versions.length ?? 0;
  return {
    interaction,
    answer,
    async reply(patience) {
      const given = await answer();
      if (!('message' in given)) throw new Error(`Cannot see a reply to ${interaction.title}: ${told(given)}`);
      return until(world, () => isThere(given, seenVersions) && given.message, {
        what: `a reply to ${interaction.title}`,
        ...patience,
      });
    },
    async modal() {
      const given = await answer();
      if (given.type !== 'modal') throw new Error(`Cannot see a modal after ${interaction.title}: ${told(given)}`);
      return { ...given.modal, submit: (values) => submit(world, interaction, { modal: given.modal, values }) };
    },
    messages: () => interaction.messages.filter(({ isDeleted }) => !isDeleted),
  };
}

function waitForAnswer(world: World, interaction: Interaction): Promise<Answer> {
  const probe = () => {
    if (interaction.answer) return interaction.answer;
    if (interaction.hasFailed)
      throw new Error(`Cannot see an answer to ${interaction.title}: the application did not respond in 3 s`);
    return undefined;
  };
  return until(world, probe, { what: `an answer to ${interaction.title}` });
}

/** A promise to update a message is kept once the message was edited after the press. */
function isThere({ type, message }: Answer & { readonly message: Message }, seenVersions: number): boolean {
  return type === 'deferred-update' ? message.versions.length > seenVersions : !isLoading(message);
}

function told(answer: Answer): string {
  if (!('message' in answer)) return `the answer was ${answer.type}`;
  return `the answer was ${answer.type}: ${answer.message.content}`;
}

async function submit(
  world: World,
  opened: Interaction,
  { modal, values }: { readonly modal: ModalBody; readonly values: FieldValues },
): Promise<Use> {
  const data = await submitModal(world, modal, { values, place: opened });
  const { userId, guildId, channelId, source } = opened;
  const title = `modal "${modal.title}"`;
  return createUse(world, createInteraction(world, { kind: 'modal', title, userId, guildId, channelId, source, data }));
}
