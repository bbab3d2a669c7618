import { createHash } from 'node:crypto';

import { queueCaps } from './accounts.ts';
import { queueFull, Refusal, refusal } from './answers.ts';
import type { Ask, Call } from './call.ts';
import type { Provider } from './provider.ts';

export interface Gate {
  /** Throws the refusal of a call that the plan, the spam filter or the queue does not let in. */
  pass(call: Call, ask: Ask): void;
}

export function createGate({ oddities, trainings, pictures, clock }: Provider): Gate {
  const lastSentAt = new Map<string, number>();

  function filterSpam(call: Call, { account, fields }: Ask): void {
    if (oddities.spamFilterMs === 0) return;
    const print = createHash('sha256')
      .update(JSON.stringify([call.name, account.key, fields]))
      .digest('base64');
    const last = lastSentAt.get(print);
    if (last !== undefined && clock.now() - last < oddities.spamFilterMs) throw new Refusal(refusal('rate-limit'));
    lastSentAt.set(print, clock.now());
  }

  function limitQueue({ account }: Ask): void {
    const cap = oddities.queueCap === 'plan' ? queueCaps[account.plan] : oddities.queueCap;
    if (trainings.unfinished(account) + pictures.unfinished(account) >= cap) throw new Refusal(queueFull(cap));
  }

  return {
    pass(call, ask) {
      const needsPremium = oddities.premiumOnly.includes(call.name);
      if (needsPremium && ask.account.plan !== 'premium') throw new Refusal(refusal('plan'));
      if (call.isPaid !== true) return;
      filterSpam(call, ask);
      limitQueue(ask);
    },
  };
}
