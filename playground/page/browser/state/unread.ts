import type { MessageView, View } from '../../protocol.ts';
import type { Reading, State } from './state.ts';

/** What somebody has not read in a channel. */
export interface Unread {
  readonly messages: number;
  /** With direct messages. */
  readonly mentions: number;
}

export function unreadIn({ view, viewerId, reading }: State, channelId: string): Unread {
  const upTo = readUpTo(reading, viewerId, channelId);
  const fresh = view.messages.filter(
    (one) => one.channelId === channelId && one.id > upTo && one.authorId !== viewerId && !one.isEphemeral,
  );
  return { messages: fresh.length, mentions: fresh.filter((one) => isForMe(view, one)).length };
}

export function isForMe({ directs }: View, { mentionsMe, channelId }: MessageView): boolean {
  return mentionsMe || directs.some(({ id }) => id === channelId);
}

function readUpTo(reading: Reading, viewerId: string | undefined, channelId: string): string {
  const own = viewerId === undefined ? undefined : reading[viewerId];
  const [general = '', here = ''] = [own?.upTo, own?.channels[channelId]];
  return here > general ? here : general;
}

/** Whoever sees the page for the first time begins with what is there as read, but for what mentions them. */
export function beginReading(reading: Reading, viewerId: string, messages: readonly MessageView[]): Reading {
  if (reading[viewerId]) return reading;
  const firstMention = messages.findIndex(({ mentionsMe }) => mentionsMe);
  const upTo = messages.at(firstMention === -1 ? -1 : firstMention - 1)?.id ?? '';
  return { ...reading, [viewerId]: { upTo: firstMention === 0 ? '' : upTo, channels: {} } };
}

/** Everything that stands in the channel counts as read by the one who looks at it. */
export function markRead(state: State, channelId: string | undefined): Reading {
  const { viewerId, reading, view } = state;
  if (channelId === undefined || viewerId === undefined) return reading;
  const last = view.messages.findLast((one) => one.channelId === channelId)?.id;
  const own = reading[viewerId] ?? { upTo: '', channels: {} };
  if (last === undefined || own.channels[channelId] === last) return reading;
  return { ...reading, [viewerId]: { ...own, channels: { ...own.channels, [channelId]: last } } };
}
