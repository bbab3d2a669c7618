import type { Discord } from '../../playground/discord/discord.ts';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Member } from '../../playground/discord/driver/member.ts';
import { allComponents } from '../../playground/discord/rules/component.ts';
import type { Thread } from '../../playground/discord/state/channel.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import { patienceMs } from '../../playground/patience.ts';

/** An order as its owner meets it: a thread, with a sheet, a card and what is posted later. */
export interface Order {
  readonly thread: Thread;
  readonly owner: Member;
  /** Everything in the thread, as text: for looking at what is not there. */
  text(): string;
  /** The first message of the thread that reads like this, now or in a while. */
  says(what: RegExp): Promise<Message>;
  /** The card, once its Start can be pressed. */
  startable(): Promise<Message>;
  /** The card after a change: like `startable`, but another revision than the one that `before` shows. */
  changed(before: Message): Promise<Message>;
  start(): Promise<Message>;
  /** The message that ends it: the owner is notified by it. */
  end(what?: RegExp): Promise<Message>;
}

/**
 * Longer than anything takes here, on two busy cores: a killed program's jobs are taken up again after 20 s, and an order
 * without a trace is sent again 45 s after it left.
 */
export const patience = { withinMs: patienceMs };

export function createOrder(discord: Discord, thread: Thread, owner: Member): Order {
  const find = (what: string, probe: () => Message | undefined) => discord.until(probe, { ...patience, what });
  const messages = () => discord.messages(thread);
  const startable = () => find('a card with Start', () => messages().find((one) => startIdOf(one) !== undefined));
  return {
    thread,
    owner,
    text: () => messages().map(textOf).join('\n'),
    says: (what) =>
      find(`${String(what)} in thread ${thread.name}`, () => messages().find((one) => what.test(textOf(one)))),
    startable,
    changed: async (before) => {
      const old = before.versions.map(startIdOf);
      return find('a changed card with Start', () =>
        messages().find((one) => startIdOf(one) !== undefined && !old.includes(startIdOf(one))),
      );
    },
    start: async () => {
      const card = await startable();
      await (await owner.press(card, /^start:/)).answer();
      return card;
    },
    end: (what = /is ready|could not be trained|was cancelled|has expired/) =>
      find(`the end (${String(what)}) in thread ${thread.name}`, () =>
        messages().find(({ content, notified }) => notified.includes(owner.id) && what.test(content)),
      ),
  };
}

/** The custom id of a Start that can be pressed. */
export function startIdOf({ components }: Pick<Message, 'components'>): string | undefined {
  const all = allComponents(components).map(({ component }) => component);
  return all.find(({ custom_id, disabled }) => custom_id?.startsWith('start:') && !disabled)?.custom_id ?? undefined;
}
