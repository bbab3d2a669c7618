import type { JSX } from 'preact';
import type { TrainingView } from '../../protocol.ts';
import { useNow } from '../pieces/use-now.ts';
import { dollarsText, durationText } from '../pieces/words.ts';

export function Trainings({ trainings }: { readonly trainings: readonly TrainingView[] }): JSX.Element {
  const now = useNow(1000);
  return (
    <>
      <h3>Trainings</h3>
      {trainings.length === 0 && <p class="faint">None yet. They appear here once somebody presses Start.</p>}
      <ul class="trainings">
        {trainings.map((training) => (
          <li key={training.id} class={`training training-${training.ending ?? 'running'}`}>
            <p class="training-head">
              <strong>{methodNames[training.method] ?? training.method}</strong>
              <span class="badge">{training.ending ?? training.stage}</span>
            </p>
            <p>{training.prompt}</p>
            <Progress training={training} />
            <p class="faint">
              {training.photos} photos · {dollarsText(training.charged)} ·{' '}
              {durationText((training.endedAt ?? now) - training.startedAt)}
            </p>
            {training.failure !== null && <p class="problem">{training.failure}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The provider's own names for its ways are no words. */
const methodNames: Partial<Record<string, string>> = {
  lora: 'LoRA',
  dreambooth: 'Dreambooth',
  'dreambooth-v2': 'Dreambooth v2',
  sandbox: 'Sandbox',
  trainer: 'Flux trainer',
};

function Progress({ training }: { readonly training: TrainingView }): JSX.Element | null {
  const { stages, ahead, ending } = training;
  if (ending !== null) return null;
  const all = stages.length + ahead.length;
  return (
    <>
      <progress max={all} value={stages.length} aria-label="Stages gone through" />
      <p class="faint">
        Stage {stages.length} of {all}
        {ahead[0] !== undefined && `, next ${ahead[0]}`}
      </p>
    </>
  );
}
