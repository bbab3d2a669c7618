import { EventEmitter, on } from 'node:events';
import type { RequestEntry } from './requests.ts';
import type { Channel, Thread } from './state/channel.ts';
import type { Command } from './state/command.ts';
import type { Guild } from './state/guild.ts';
import type { Interaction } from './state/interaction.ts';
import type { Message } from './state/message.ts';
import type { Violation } from './violations.ts';

/** Everything that can happen at this Discord. The gateway, the tests and the page all live on this one stream. */
export type Change = { readonly at: number } &
  /** `guild-left`: the bot was removed. `guild-down`: an outage; it comes back with `guild-created`. */
  (
    | { readonly type: 'guild-created' | 'guild-left' | 'guild-down'; readonly guild: Guild }
    | { readonly type: 'channel-created' | 'channel-updated' | 'channel-deleted'; readonly channel: Channel }
    | { readonly type: 'thread-created' | 'thread-updated' | 'thread-deleted'; readonly thread: Thread }
    | { readonly type: 'message-created' | 'message-edited' | 'message-deleted'; readonly message: Message }
    | { readonly type: 'typing'; readonly channel: Channel }
    | { readonly type: 'interaction-created' | 'interaction-answered'; readonly interaction: Interaction }
    /** Three seconds went by: the member reads that the application did not respond. */
    | { readonly type: 'interaction-failed'; readonly interaction: Interaction }
    | { readonly type: 'commands-registered'; readonly commands: readonly Command[] }
    | { readonly type: 'bot-ready' | 'bot-resumed' | 'bot-gone'; readonly sessionId: string }
    | { readonly type: 'request'; readonly request: RequestEntry }
    | { readonly type: 'violation'; readonly violation: Violation }
  );

type Distribute<T> = T extends unknown ? Omit<T, 'at'> : never;
export type ChangeWithoutTime = Distribute<Change>;

export interface Changes {
  /** All so far, oldest first. */
  readonly all: readonly Change[];
  /** Calls `listener` for each change from here on. Returns how to stop. */
  on(listener: (change: Change) => void): () => void;
  /** The changes from here on, for `for await`; ends with an AbortError when `signal` aborts. */
  follow(signal: AbortSignal): AsyncIterable<Change>;
}

export interface ChangeLog extends Changes {
  record(change: ChangeWithoutTime): void;
}

export function createChanges(now: () => number): ChangeLog {
  const all: Change[] = [];
  const emitter = new EventEmitter<{ change: [Change] }>().setMaxListeners(0);
  return {
    all,
    record(change) {
      const timed = { at: now(), ...change };
      all.push(timed);
      emitter.emit('change', timed);
    },
    on(listener) {
      emitter.on('change', listener);
      return () => emitter.off('change', listener);
    },
    async *follow(signal) {
      for await (const [change] of on(emitter, 'change', { signal }) as AsyncIterable<[Change]>) yield change;
    },
  };
}
