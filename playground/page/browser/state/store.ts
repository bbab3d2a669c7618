import type { Action } from './reduce.ts';
import { reduce } from './reduce.ts';
import type { State } from './state.ts';

/** The one place where the page keeps what it knows. */
export interface Store {
  readonly state: State;
  readonly dispatch: (action: Action) => void;
  /** Returns how to stop. */
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
