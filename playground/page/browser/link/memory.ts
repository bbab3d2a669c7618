import type { State } from '../state/state.ts';
import { currentChannelId } from '../state/state.ts';

/** Where one was and what one had read, for when this tab loads the page again. */
export interface Memory {
  readonly viewerId: string;
  readonly channelId: string;
  readonly reading: State['reading'];
}

const key = 'darkroom-playground';

export function memoryOf(state: State): Memory | undefined {
  const { viewerId, reading } = state;
  const channelId = currentChannelId(state);
  return viewerId === undefined || channelId === undefined ? undefined : { viewerId, channelId, reading };
}

export function remember(memory: Memory): void {
  sessionStorage.setItem(key, JSON.stringify(memory));
}

export function recall(): Memory | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Memory); // Written by `remember`, of the same tab.
}
