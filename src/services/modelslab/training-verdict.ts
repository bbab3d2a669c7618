import type { Progress, TrainerProgress } from './replies.ts';
import type { TrainingStatus } from './training-api.ts';

/** What a status answer means, in words that are not cleaned yet. */
export interface Conclusion extends Pick<TrainingStatus, 'stage' | 'verdict' | 'log'> {
  readonly sampleUrl?: string | undefined;
  /** The request that uses the model, as it came. */
  readonly usage?: unknown;
}

const noReason = 'The provider gave no reason';

/**
 * What a status answer of v3 means. Pure. Only words that we know end a training: an unknown stage is `running`, because
 * a poll too many costs nothing and a model declared ready too early costs the member's trust.
 */
export function conclude({ stage, log, sampleUrl }: Progress): Conclusion {
  const name = stageName(stage);
  if (name === 'model_ready') return { stage: name, verdict: 'ready', log, sampleUrl };
  if (isFailedStage(name) || isFailureLine(log.at(-1) ?? '')) return concludeFailed(name, log);
  if (/(^|_)(cancel|cancell?ed|cancled|stopped)(_|$)/.test(name)) return { stage: name, verdict: 'cancelled', log };
  return { stage: name, verdict: 'running', log };
}

/** `Model Ready` and `model_ready` are the same stage; a sentence stays as it is. */
function stageName(stage: string): string {
  return /^[\w -]{1,40}$/.test(stage) ? stage.toLowerCase().replace(/[ -]+/g, '_') : stage;
}

const failedWord = /^(\w+_)?failed$/;
/** How a worker of the provider begins the reason of a failure. */
const workerPrefix = /^\d+\. ?\[[^\]]*\] ?\| ?Time Elapsed ?: ?[\d.][^|]*\| ?/i;

/** A single word such as `upload_failed` counts; in a sentence only the training itself may have failed. */
function isFailedStage(stage: string): boolean {
  return failedWord.test(stage) || isFailureLine(stage) || workerPrefix.test(stage);
}

function isFailureLine(line: string): boolean {
  return /\btraining[ _]failed\b|\bfailed to train\b/i.test(line);
}

function concludeFailed(stage: string, log: readonly string[]): Conclusion {
  const isWord = failedWord.test(stage);
  const isReason = !isWord && isFailedStage(stage);
  const lines = (isReason ? [...log, stage] : log).filter((line) => reasonIn(line) !== '');
  return { stage: isWord ? stage : 'training_failed', verdict: 'failed', log: endingInReason(lines) };
}

function endingInReason(lines: readonly string[]): readonly string[] {
  const last = lines.at(-1);
  if (last === undefined || isProgressLine(last)) return [...lines, noReason];
  return [...lines.slice(0, -1), reasonIn(last)];
}

function reasonIn(line: string): string {
  return line
    .replace(/^.*\btraining[ _]failed\b[\s:.-]*/i, '')
    .replace(workerPrefix, '')
    .trim();
}

function isProgressLine(line: string): boolean {
  return /\bSteps to go\b|\bETA\b|\bit will take\b/i.test(line);
}

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
