import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Ask } from '../protocol.ts';
import type { AskAnswer } from './link/connection.ts';
import type { Action } from './state/reduce.ts';
import type { State } from './state/state.ts';

/** What every part of the page can see and do. */
export interface Page {
  readonly state: State;
  readonly dispatch: (action: Action) => void;
  /** Asks the host, and shows a refusal as a notice. */
  readonly ask: (ask: Ask) => Promise<AskAnswer>;
  /** Asks the host; the caller shows what it answers. */
  readonly askQuietly: (ask: Ask) => Promise<AskAnswer>;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('Cannot show a part of the page outside of it');
  return page;
}
