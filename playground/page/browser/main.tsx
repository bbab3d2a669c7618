import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Welcome } from '../protocol.ts';
import { App } from './app.tsx';
import { connect } from './link/connection.ts';
import type { Memory } from './link/memory.ts';
import { memoryOf, recall, remember } from './link/memory.ts';
import { PageContext } from './page.ts';
import type { Page } from './page.ts';
import { initialState } from './state/state.ts';
import { createStore } from './state/store.ts';

const remembered = recall();
const store = createStore({ ...initialState, reading: remembered?.reading ?? {} });
const { dispatch } = store;
const connection = connect({
  heard: (message) => {
    const before = memoryOf(store.state) ?? remembered;
    dispatch({ type: 'heard', message, at: Date.now() });
    if (message.type === 'welcome' && before) void goBack(before, message);
  },
  opened: () => {
    dispatch({ type: 'link', link: 'open' });
  },
  lost: () => {
    dispatch({ type: 'link', link: 'lost' });
  },
});

const ask: Page['ask'] = async (wanted) => {
  const answer = await connection.ask(wanted);
  if (answer.type === 'refused') dispatch({ type: 'notice', text: answer.why, isTrouble: true });
  return answer;
};

/** A host begins with the admin, also when it is found again or the page was loaded again. */
async function goBack({ viewerId, channelId }: Memory, { viewers }: Welcome): Promise<void> {
  if (!viewers.some(({ id }) => id === viewerId)) return;
  await ask({ type: 'seeAs', personId: viewerId });
  dispatch({ type: 'look', channelId });
}

store.subscribe(() => {
  const memory = memoryOf(store.state);
  if (memory) remember(memory);
});

function Root(): JSX.Element {
  const [state, setState] = useState(store.state);
  useEffect(
    () =>
      store.subscribe(() => {
        setState(store.state);
      }),
    [],
  );
  return (
    <PageContext.Provider value={{ state, dispatch, ask, askQuietly: (wanted) => connection.ask(wanted) }}>
      <App />
    </PageContext.Provider>
  );
}

render(<Root />, document.body);
