import { noReason, stageName, type Conclusion } from './verdict.ts';
import type { TrainerProgress } from './replies.ts';

/**
 * What a status answer of the newer trainer means. Pure. Its words are those of v3 with other meanings: `cancelled` is
 * a failure, and a training that somebody stopped is `completed`, as is one that has just come to its end. Only the
 * state of the inference tells these two apart, some minutes later.
 */
export function concludeTrainer({ stage, reason, inference, usage }: TrainerProgress): Conclusion {
  switch (stageName(stage)) {
    case 'training_completed':
      return inference?.toLowerCase() === 'ready'
        ? { stage: 'model_ready', verdict: 'ready', log: [], usage }
        : { stage: 'training_completed', verdict: 'over', log: [] };
    case 'training_cancelled':
      return { stage: 'training_failed', verdict: 'failed', log: reason.length > 0 ? reason : [noReason] };
    default:
      return { stage, verdict: 'running', log: [] };
  }
}
