import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { findPerson, findPlace } from '../state/state.ts';

interface MentionOf {
  readonly id: string;
}

export function MemberMention({ id }: MentionOf): JSX.Element {
  const { state } = usePage();
  const name = findPerson(state, id)?.name ?? 'somebody';
  return <span class={id === state.viewerId ? 'mention mention-me' : 'mention'}>@{name}</span>;
}

export function RoleMention({ id }: MentionOf): JSX.Element {
  const { state } = usePage();
  const role = state.view.guilds.flatMap(({ roles }) => roles).find((one) => one.id === id);
  return <span class="mention">@{role?.name ?? 'a role'}</span>;
}

/** Leads there. */
export function ChannelMention({ id }: MentionOf): JSX.Element {
  const { state, dispatch } = usePage();
  const channel = findPlace(state.view, id);
  if (!channel) return <span class="mention">#not-for-you</span>;
  return (
    <button type="button" class="mention" onClick={() => dispatch({ type: 'look', channelId: id })}>
      {'parentId' in channel ? channel.name : `#${channel.name}`}
    </button>
  );
}
