import type { ChannelView, ThreadView, View } from '../../protocol.ts';

/** The channels of a server, each followed by its threads that are in use. */
export function placesOf({ channels, threads }: View, guildId: string): readonly (ChannelView | ThreadView)[] {
  return channels
    .filter((channel) => channel.guildId === guildId)
    .flatMap((channel) => [channel, ...threads.filter((one) => one.parentId === channel.id && !one.isArchived)]);
}

export function isThread(place: ChannelView | ThreadView): place is ThreadView {
  return 'parentId' in place;
}

/** `#photos`, or a thread by its name alone. */
export function titleOf(place: ChannelView | ThreadView): string {
  return isThread(place) ? place.name : `#${place.name}`;
}

export function iconOf(place: ChannelView | ThreadView): 'hash' | 'thread' | 'lock' {
  if (!isThread(place)) return 'hash';
  return place.isPrivate || place.isLocked ? 'lock' : 'thread';
}
