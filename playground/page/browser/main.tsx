import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { App } from './app.tsx';
import { connect } from './link/connection.ts';
import { PageContext } from './page.ts';
import type { Page } from './page.ts';
import { createStore } from './state/store.ts';

const store = createStore();
const { dispatch } = store;
const connection = connect({
  heard: (message) => {
    const viewerBefore = store.state.viewerId;
    dispatch({ type: 'heard', message, at: Date.now() });
    // A host that is found again begins with the admin.
    const isKnown = message.type === 'welcome' && message.viewers.some(({ id }) => id === viewerBefore);
    if (isKnown && viewerBefore !== undefined) void ask({ type: 'seeAs', personId: viewerBefore });
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
