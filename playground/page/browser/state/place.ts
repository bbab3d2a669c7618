import type { State } from './state.ts';

/** Makes sure that one looks at something that is there: the server's first channel where nothing else was chosen. */
export function placeIn(state: State): State {
  const { view, guildId: wanted } = state;
  const guildId = (view.guilds.find(({ id }) => id === wanted) ?? view.guilds[0])?.id;
  if (guildId === undefined) return { ...state, guildId: undefined };
  const chosen = state.channelOf[guildId];
  const own = [...view.channels, ...view.threads].filter((place) => place.guildId === guildId);
  const places = [...own, ...view.directs];
  const channelId = (places.find(({ id }) => id === chosen) ?? places[0])?.id;
  if (channelId === undefined) return { ...state, guildId };
  const isThere = guildId === wanted && channelId === chosen;
  return isThere ? state : { ...state, guildId, channelOf: { ...state.channelOf, [guildId]: channelId } };
}
