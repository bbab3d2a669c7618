import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import { CopyKey } from './copy-key.tsx';
import type { Step } from './step-list.ts';
import { propose, stepList } from './step-list.ts';

interface FirstStepsOf {
  /** Called when a step leads to the conversation. */
  readonly onLeave?: (() => void) | undefined;
}

/** What a newcomer tries first, each step ticked off when it is done. */
export function FirstSteps({ onLeave }: FirstStepsOf): JSX.Element {
  const { state } = usePage();
  const done = stepList.filter(({ name }) => state.stepsDone.has(name)).length;
  const next = stepList.find(({ name }) => !state.stepsDone.has(name));
  return (
    <section class="first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">Try it in five steps</h2>
      <p class="faint">
        {done === stepList.length ? 'You have seen it all. Go on playing.' : `${done} of ${stepList.length} done`}
      </p>
      <ol>
        {stepList.map((step) => (
          <OneStep key={step.name} step={step} isNext={step === next} onLeave={onLeave} />
        ))}
      </ol>
    </section>
  );
}

function OneStep({
  step,
  isNext,
  onLeave,
}: FirstStepsOf & { readonly step: Step; readonly isNext: boolean }): JSX.Element {
  const page = usePage();
  const { name, title, explanation, offer } = step;
  const isDone = page.state.stepsDone.has(name);
  return (
    <li class={isDone ? 'step step-done' : 'step'}>
      <span class="tick" aria-hidden="true">
        {isDone && <Icon name="check" />}
      </span>
      {isDone ? (
        <p class="step-title">
          {title}
          <span class="visually-hidden"> (done)</span>
        </p>
      ) : (
        <details open={isNext}>
          <summary class="step-title">{title}</summary>
          <p>{explanation}</p>
          {name === 'key' && <CopyKey />}
          {offer && (
            <button
              type="button"
              class="button button-primary"
              onClick={() => {
                onLeave?.();
                void propose(page, offer.proposed);
              }}
            >
              {offer.label}
            </button>
          )}
        </details>
      )}
    </li>
  );
}
