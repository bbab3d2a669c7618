import type { Oddities } from './oddities.ts';
import type { Training } from './trainings.ts';

interface Line {
  readonly step: string;
  readonly stepsToGo: number;
  readonly etaMinutes: number;
}

const lines: Readonly<Record<string, Line>> = {
  training_started: { step: 'Step:1 Training Started', stepsToGo: 5, etaMinutes: 30 },
  training_success: { step: 'Step:2 Training Done', stepsToGo: 4, etaMinutes: 15 },
  trained_model_uploading: { step: 'Step:3 Model Uploading', stepsToGo: 3, etaMinutes: 10 },
  trained_model_uploaded: { step: 'Step:4 Model Uploaded', stepsToGo: 2, etaMinutes: 5 },
};

/** The whole log so far, as `data` of a status reply and `logs` of a webhook carry it. */
export function writeLog(training: Training, form: Oddities['log']): string {
  const entries = training.history.flatMap(({ stage, at }) => entriesOf(stage, at, { training, form }));
  if (entries.length === 0) return 'it will take upto 25 minutes.';
  return form === 'newline' ? entries.filter(Boolean).join('\n') : ` /n ${entries.join(' /n ')}`;
}

function entriesOf(
  stage: string,
  at: number,
  { training, form }: { readonly training: Training; readonly form: Oddities['log'] },
): readonly string[] {
  const elapsed = ((at - training.startedAt) / 1000).toFixed(1);
  if (stage === 'model_ready') return ['Model loaded successfully'];
  if (training.ending === 'failed' && at >= (training.endedAt ?? Infinity))
    return [failureLine(training, elapsed, form)];
  const line = lines[stage];
  if (line === undefined) return [];
  const { step, stepsToGo, etaMinutes } = line;
  if (form === 'worker') {
    return [`${step}, ${stepsToGo} More Steps to go : ETA : ${etaMinutes} minutes | Time Elapsed : ${elapsed} seconds`];
  }
  const entry = `${step}, ${stepsToGo} Steps to go : ETA : ${etaMinutes} minutes`;
  // The documents' own example has an empty entry before the fourth step.
  return stage === 'trained_model_uploaded' ? ['', entry] : [entry];
}

function failureLine({ failure = '' }: Training, elapsed: string, form: Oddities['log']): string {
  if (form !== 'worker' || failure.startsWith('Training Failed')) return failure;
  return `1. [Training model] | Time Elapsed : ${Math.round(Number(elapsed))} | ${failure}`;
}
