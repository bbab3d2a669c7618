import type { ModalBody } from '../rules/modal-body.ts';
import type { Snowflake } from '../snowflake.ts';
import type { Message } from './message.ts';

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** The first answer to an interaction. */
export type Answer =
  | { readonly type: 'message'; readonly message: Message }
  /** The member sees that the bot is thinking. */
  | { readonly type: 'deferred'; readonly message: Message }
  | { readonly type: 'updated'; readonly message: Message }
  | { readonly type: 'deferred-update'; readonly message: Message }
  | { readonly type: 'modal'; readonly modal: ModalBody }
  | { readonly type: 'choices'; readonly choices: readonly Choice[] };

export type InteractionKind = 'command' | 'component' | 'autocomplete' | 'modal';

export interface Interaction {
  readonly id: Snowflake;
  readonly token: string;
  readonly kind: InteractionKind;
  /** How a person would name it: `/train`, `button "Start"`. */
  readonly title: string;
  readonly userId: Snowflake;
  readonly guildId: Snowflake;
  readonly channelId: Snowflake;
  readonly createdAt: number;
  /** The `data` that the bot receives. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The message whose component was used, also for a modal that it opened. */
  readonly source: Message | undefined;
  /** An answer is being read: no second one is taken meanwhile. */
  isClaimed: boolean;
  /** Three seconds went by without an answer: the member reads so. */
  hasFailed: boolean;
  answer: Answer | undefined;
  /** What `@original` means. */
  original: Message | undefined;
  /** Every message that was made with this interaction's token. */
  readonly messages: Message[];
}
