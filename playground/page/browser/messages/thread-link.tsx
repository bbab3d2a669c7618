import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';

/** Below the message from which a thread was started. */
export function ThreadLink({ threadId }: { readonly threadId: string }): JSX.Element | null {
  const { state, dispatch } = usePage();
  const thread = state.view.threads.find(({ id }) => id === threadId);
  if (!thread) return null;
  const count = state.view.messages.filter(({ channelId }) => channelId === threadId).length;
  return (
    <button type="button" class="thread-link" onClick={() => dispatch({ type: 'look', channelId: threadId })}>
      <Icon name="thread" />
      <strong>{thread.name}</strong>
      <span class="thread-count">{count === 1 ? '1 message' : `${count} messages`}</span>
    </button>
  );
}
