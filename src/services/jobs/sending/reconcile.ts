import type { TrainingId } from '../../../lib/ids.ts';
import type { Intent } from '../job.ts';

/** What is known when looking for a training whose request got no verdict. */
export interface Evidence {
  readonly intent: Intent;
  /** How often it was looked for in vain. */
  readonly looks: number;
  /** It left so short a time ago that its request may still be on its way, or its training not be listed yet. */
  readonly mayTurnUp: boolean;
  /** The provider called about it: it is there, whether it is listed or not. */
  readonly arrived: boolean;
  /** There is time left to look for one that is known to be there. */
  readonly isPatient: boolean;
  /** Whether the list ever shows trainings of this method. */
  readonly isListed: boolean;
  /** What the provider lists now. */
  readonly listed: readonly TrainingId[];
  /** Those of them that orders began before, be these tried again or erased since. */
  readonly owned: ReadonlySet<TrainingId>;
  /** The fate of another order on this key is not known, or was never found out: a new training may be that one's. */
  readonly othersInDoubt: boolean;
}

export type Finding =
  | { readonly kind: 'found'; readonly trainingId: TrainingId }
  | { readonly kind: 'look-again' }
  | { readonly kind: 'not-there' }
  | { readonly kind: 'ask'; readonly candidates: readonly TrainingId[] };

/** Sent so often without an answer or a trace, something is wrong that looking does not show. */
const patienceWithSending = 5;

/**
 * Whether a request without a verdict arrived. Only a list that shows trainings of its method and could be relied on
 * before sending proves anything, and only two looks without a trace, the last of them late enough, prove that nothing
 * arrived, unless the provider called about it; in every other case a person decides.
 */
export function reconcile(evidence: Evidence): Finding {
  const { listed, owned, othersInDoubt } = evidence;
  const { before } = evidence.intent;
  const older = new Set(before);
  const candidates = listed.filter((id) => !older.has(id) && !owned.has(id));
  // What a list never shows is not absent, and what is new in it is another's, or a change of the provider's ways.
  if (before === null || !evidence.isListed) return { kind: 'ask', candidates };
  const [only] = candidates;
  if (only === undefined) return withoutTrace(evidence);
  if (candidates.length > 1 || othersInDoubt) return { kind: 'ask', candidates };
  return { kind: 'found', trainingId: only };
}

function withoutTrace({ intent, looks, mayTurnUp, arrived, isPatient }: Evidence): Finding {
  if (arrived ? isPatient : looks === 0 || mayTurnUp) return { kind: 'look-again' };
  const mayBeSentAgain = !arrived && intent.attempt < patienceWithSending;
  return mayBeSentAgain ? { kind: 'not-there' } : { kind: 'ask', candidates: [] };
}
