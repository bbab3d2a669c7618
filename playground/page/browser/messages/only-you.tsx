import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';

interface OnlyYouOf {
  /** Of the message, or of the use. */
  readonly id: string;
  readonly isDismissable: boolean;
}

/** Below what nobody else sees. */
export function OnlyYou({ id, isDismissable }: OnlyYouOf): JSX.Element {
  const { dispatch } = usePage();
  return (
    <p class="only-you">
      <Icon name="eye" /> Only you can see this
      {isDismissable && (
        <>
          {' · '}
          <button
            type="button"
            class="link-button"
            onClick={({ currentTarget }) => {
              // The button goes with what it is below.
              currentTarget.closest<HTMLElement>('.messages')?.focus();
              dispatch({ type: 'dismiss', id });
            }}
          >
            Dismiss
          </button>
        </>
      )}
    </p>
  );
}
