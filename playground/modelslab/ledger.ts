import type { Account } from './accounts.ts';
import { Refusal, refusal } from './answers.ts';
import type { LabJournal } from './events.ts';

/** US dollars. The hour and the picture are guesses: no document that is at hand names them. */
export const prices = { lora: 1, dreambooth: 3, sandbox: 0, trainerHour: 2, picture: 0.005 } as const;

export interface Charge {
  readonly at: number;
  readonly key: string;
  /** Of the training, or of the request for pictures. */
  readonly trainingId: string;
  readonly amount: number;
  /** What was paid for, without the key. */
  readonly request: Readonly<Record<string, unknown>>;
}

export interface Ledger {
  readonly charges: readonly Charge[];
  /** Throws the refusal that an empty wallet meets. */
  demand(account: Account, amount: number): void;
  charge(account: Account, charge: Pick<Charge, 'trainingId' | 'amount' | 'request'>): void;
}

export function createLedger(journal: LabJournal, now: () => number): Ledger {
  const charges: Charge[] = [];
  return {
    charges,
    demand(account, amount) {
      if (account.balance < amount) throw new Refusal(refusal('credit'));
    },
    charge(account, charge) {
      if (charge.amount === 0) return;
      // Cents of a cent would otherwise pile up in the wallet that people are shown.
      account.balance = Math.round((account.balance - charge.amount) * 1e4) / 1e4;
      charges.push({ at: now(), key: account.key, ...charge });
      journal.emit({ type: 'charged', trainingId: charge.trainingId, amount: charge.amount });
    },
  };
}
