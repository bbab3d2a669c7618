import type { TrainingId } from '../../../../lib/ids.ts';
import type { Intent } from '../../state/job.ts';

/** What is known when looking for a training whose request got no verdict. */
export interface Evidence {
  readonly intent: Intent;
  /** How often it was looked for in vain. */
  readonly looks: number;
  /** It left so short a time ago that its request may still be on its way, or its training not be listed yet. */
  readonly mayTurnUp: boolean;
  /** The provider called about it: it is there, whether it is listed or not. */
  readonly arrived: boolean;
  /**
   * What it proves that a training is not in the list: nothing before one of its kind was seen there while it was training;
   * nothing yet while one that arrived need not be there.
   */
  readonly absence: 'proves-nothing' | 'proves-nothing-yet' | 'proves';
  /** What the provider listed or named since it left. */
  readonly met: readonly TrainingId[];
  /** Those of them that orders began before, be these tried again or erased since. */
  readonly owned: ReadonlySet<TrainingId>;
}

export type Finding =
  | { readonly kind: 'look-again'; readonly candidates: readonly TrainingId[] }
  | { readonly kind: 'not-there' }
  | { readonly kind: 'ask'; readonly candidates: readonly TrainingId[] };

/** Sent so often without an answer or a trace, something is wrong that looking does not show. */
const patienceWithSending = 5;

/**
 * Whether a request without a verdict arrived. A training that is new in the list may be anybody's who uses the account: it
 * is never taken for the one that is looked for, but a person is told of it. Only a list that was seen to show what trains,
 * and could be relied on before sending, proves absence, and only by two looks without a trace, the last of them late
 * enough, unless the provider called about it; in every other case a person decides.
 */
export function reconcile({ intent, looks, mayTurnUp, arrived, absence, met, owned }: Evidence): Finding {
  const { before, attempt } = intent;
  const older = new Set(before);
  const candidates = [...new Set(met)].filter((id) => !older.has(id) && !owned.has(id));
  if (mayTurnUp) return { kind: 'look-again', candidates };
  const isTraceless = candidates.length === 0 && !arrived;
  if (!isTraceless || before === null || absence === 'proves-nothing' || attempt >= patienceWithSending) {
    return { kind: 'ask', candidates };
  }
  return looks > 0 && absence === 'proves' ? { kind: 'not-there' } : { kind: 'look-again', candidates };
}
