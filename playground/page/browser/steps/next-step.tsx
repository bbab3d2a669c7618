import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { usePage } from '../page.ts';
import { IconButton } from '../pieces/icon-button.tsx';
import { CopyKey } from './copy-key.tsx';
import { propose, stepList } from './step-list.ts';

/** The next thing to try, where there is no room for all of them. */
export function NextStep({ onAll }: { readonly onAll: () => void }): JSX.Element | null {
  const page = usePage();
  const [isHidden, setIsHidden] = useState(false);
  const at = stepList.findIndex(({ name }) => !page.state.stepsDone.has(name));
  const step = stepList[at];
  if (!step || isHidden) return null;
  const { name, title, offer } = step;
  return (
    <section class="next-step" aria-label="First steps">
      <p>
        <span class="faint">
          Step {at + 1} of {stepList.length}
        </span>{' '}
        {title}
      </p>
      {name === 'key' && <CopyKey />}
      {offer && (
        <button type="button" class="button button-primary" onClick={() => void propose(page, offer.proposed)}>
          {offer.label}
        </button>
      )}
      <button type="button" class="button button-secondary" onClick={onAll}>
        All steps
      </button>
      <IconButton icon="close" label="Hide the steps here" onClick={() => setIsHidden(true)} />
    </section>
  );
}
