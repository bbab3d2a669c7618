import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Composer } from '../composer/composer.tsx';
import { MessageList } from '../messages/message-list.tsx';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import type { Place } from '../state/state.ts';
import { currentChannelId, findPlace } from '../state/state.ts';
import { iconOf, isThread } from './places-of.ts';
import { TypingLine } from './typing-line.tsx';

interface ConversationOf {
  /** What stands before the name, after it, and below. */
  readonly before?: ComponentChildren;
  readonly after?: ComponentChildren;
  readonly below?: ComponentChildren;
}

/** The channel, thread or direct messages that one looks at. */
export function Conversation({ before, after, below }: ConversationOf): JSX.Element {
  const { state } = usePage();
  const place = findPlace(state.view, currentChannelId(state));
  const main = useFocusOnArrival(place?.id);
  return (
    <main class="conversation" ref={main}>
      <header class="conversation-head">
        {before}
        {place && (
          <h2>
            <Icon name={iconOf(place)} /> {place.name}
          </h2>
        )}
        {place && <Where place={place} />}
        <span class="gap" />
        {after}
      </header>
      {below}
      {place ? (
        <>
          <MessageList key={`list ${state.viewerId ?? ''} ${place.id}`} place={place} />
          <TypingLine channelId={place.id} />
          <Composer key={`composer ${state.viewerId ?? ''} ${place.id}`} place={place} />
        </>
      ) : (
        <p class="nothing-yet">Waiting for the playground…</p>
      )}
    </main>
  );
}

/** What led to another place may be gone with the one before, a mention or a notice: then the focus goes to the messages. */
function useFocusOnArrival(placeId: string | undefined): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const before = useRef<string | undefined>(undefined);
  const hadFocus = useRef(false);
  useEffect(() => {
    const note = () => {
      hadFocus.current = true;
    };
    document.addEventListener('focusin', note, { once: true });
    return () => {
      document.removeEventListener('focusin', note);
    };
  }, []);
  useEffect(() => {
    const hasMoved = before.current !== undefined && before.current !== placeId;
    before.current = placeId;
    if (hasMoved && hadFocus.current && document.activeElement === document.body) {
      main.current?.querySelector<HTMLElement>('.messages')?.focus();
    }
  }, [placeId]);
  return main;
}

/** A thread leads back to its channel. */
function Where({ place }: { readonly place: Place }): JSX.Element | null {
  const { state, dispatch } = usePage();
  const parent = isThread(place) ? findPlace(state.view, place.parentId) : undefined;
  if (!parent) return null;
  return (
    <p class="where">
      thread in{' '}
      <button type="button" class="link-button" onClick={() => dispatch({ type: 'look', channelId: parent.id })}>
        #{parent.name}
      </button>
    </p>
  );
}
