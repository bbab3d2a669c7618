import { Refusal, refusal } from './answers.ts';
import { randomWord } from '../random.ts';
import type { Random } from '../random.ts';

export type Plan = 'pay-as-you-go' | 'standard' | 'premium';

export interface Account {
  readonly key: string;
  balance: number;
  plan: Plan;
}

export interface AccountGiven {
  readonly key?: string;
  /** US dollars; 25 unless given. */
  readonly balance?: number;
  readonly plan?: Plan;
}

export interface Accounts {
  add(given?: AccountGiven): Account;
  /** Throws the refusal that a wrong key meets. */
  get(key: unknown): Account;
}

/** Requests that an account may have waiting. */
export const queueCaps: Readonly<Record<Plan, number>> = { 'pay-as-you-go': 5, standard: 10, premium: 15 };

export function createAccounts(random: Random): Accounts {
  const accounts = new Map<unknown, Account>();
  return {
    add(given = {}) {
      const account = {
        key: given.key ?? randomWord(random, 60),
        balance: given.balance ?? 25,
        plan: given.plan ?? 'pay-as-you-go',
      };
      accounts.set(account.key, account);
      return account;
    },
    get(key) {
      const account = accounts.get(key);
      if (account === undefined) throw new Refusal(refusal('key'));
      return account;
    },
  };
}
