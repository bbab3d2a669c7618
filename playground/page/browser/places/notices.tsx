import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { usePage } from '../page.ts';
import { IconButton } from '../pieces/icon-button.tsx';
import type { Notice } from '../state/state.ts';

/** Short words at the edge of the screen, the newest at the bottom. */
export function Notices(): JSX.Element {
  const { state } = usePage();
  return (
    <div class="notices" role="status" aria-live="polite">
      {state.notices.map((notice) => (
        <OneNotice key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

const shownMs = 9000;

function OneNotice({ notice }: { readonly notice: Notice }): JSX.Element {
  const { dispatch } = usePage();
  const { id, text, channelId, isTrouble } = notice;
  const forget = () => {
    dispatch({ type: 'forget-notice', id });
  };
  useEffect(() => {
    const timer = setTimeout(forget, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div class={isTrouble ? 'notice notice-trouble' : 'notice'}>
      <p>{text}</p>
      {channelId !== undefined && (
        <button type="button" class="button button-secondary" onClick={() => dispatch({ type: 'look', channelId })}>
          Go there
        </button>
      )}
      <IconButton icon="close" label="Close this notice" onClick={forget} />
    </div>
  );
}
