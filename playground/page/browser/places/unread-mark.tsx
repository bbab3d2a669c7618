import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { unreadIn } from '../state/unread.ts';

/** A number for mentions, a dot for anything else that was not read. */
export function UnreadMark({ channelIds }: { readonly channelIds: readonly string[] }): JSX.Element | null {
  const { state } = usePage();
  const all = channelIds.map((id) => unreadIn(state, id));
  const mentions = all.reduce((sum, one) => sum + one.mentions, 0);
  if (mentions > 0) {
    return (
      <span class="unread-count">
        {mentions}
        <span class="visually-hidden">{mentions === 1 ? ' mention' : ' mentions'}</span>
      </span>
    );
  }
  if (all.every(({ messages }) => messages === 0)) return null;
  return (
    <span class="unread-dot">
      <span class="visually-hidden">unread</span>
    </span>
  );
}
