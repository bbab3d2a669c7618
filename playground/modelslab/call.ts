import type { Account } from './accounts.ts';
import type { Answer } from './answers.ts';
import type { Fields } from './fields.ts';
import type { CallName } from './call-names.ts';
import type { Provider } from './provider.ts';

/** A call as it reaches its handler: the key is checked and gone. */
export interface Ask {
  readonly account: Account;
  readonly fields: Fields;
  /** From the path; empty where the path has none. */
  readonly id: string;
}

export interface Call {
  readonly name: CallName;
  /** Below `/api`, as fastify writes paths. */
  readonly path: string;
  /** Only v3 misspells. */
  readonly isV3: boolean;
  /** Only starts of something paid pass the spam filter and the queue. */
  readonly isPaid?: true;
  /** May throw a `Refusal`. */
  answer(ask: Ask, provider: Provider): Answer | Promise<Answer>;
}
