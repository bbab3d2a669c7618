import type { ChannelView, DirectView, ThreadView, View } from '../../protocol.ts';
import type { Place } from '../state/state.ts';

/** The channels of a server, each followed by its threads that are in use. */
export function placesOf({ channels, threads }: View, guildId: string): readonly (ChannelView | ThreadView)[] {
  return channels
    .filter((channel) => channel.guildId === guildId)
    .flatMap((channel) => [channel, ...threads.filter((one) => one.parentId === channel.id && !one.isArchived)]);
}

export function isThread(place: Place): place is ThreadView {
  return 'parentId' in place;
}

export function isDirect(place: Place): place is DirectView {
  return 'personId' in place;
}

/** `#photos`; a thread by its name alone, and whoever writes directly by theirs. */
export function titleOf(place: Place): string {
  return isThread(place) || isDirect(place) ? place.name : `#${place.name}`;
}

export function iconOf(place: Place): 'hash' | 'thread' | 'lock' | 'aperture' {
  if (isDirect(place)) return 'aperture';
  if (!isThread(place)) return 'hash';
  return place.isPrivate || place.isLocked ? 'lock' : 'thread';
}
