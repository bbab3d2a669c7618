import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import { titleOf } from '../places/places-of.ts';
import type { Place } from '../state/state.ts';
import { ChannelIntro } from './channel-intro.tsx';
import { Message } from './message.tsx';
import { OpenUse } from './open-use.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

/** Everything in a channel, the newest at the bottom, which stays in sight unless one scrolled up. */
export function MessageList({ place }: { readonly place: Place }): JSX.Element {
  const { state } = usePage();
  const channelId = place.id;
  const all = state.view.messages.filter((one) => one.channelId === channelId);
  const messages = all.filter(({ id }) => !state.dismissed.has(id));
  const uses = state.view.uses.filter(
    (one) => one.channelId === channelId && one.source === null && !state.dismissed.has(one.id),
  );
  // What one wrote, or what came of it: a message for one's eyes alone answers something that one did.
  const own = all.findLast(
    ({ authorId, usedBy, isEphemeral }) => isEphemeral || [authorId, usedBy?.personId].includes(state.viewerId),
  );
  const { list, isAtEnd, noteScroll, toEnd } = useEnd(`${own?.id ?? ''} ${uses.at(-1)?.id ?? ''}`);
  const noteFocus = useKeptFocus(list);
  return (
    <div
      class="messages"
      ref={list}
      onFocusIn={noteFocus}
      onScroll={noteScroll}
      tabIndex={0}
      role="region"
      aria-label={`Messages in ${titleOf(place)}`}
    >
      <ol class="message-list">
        <ChannelIntro place={place} />
        {messages.map((message, index) => (
          <Message key={message.id} message={message} isContinued={continues(message, messages[index - 1])} />
        ))}
        {uses.map((use) => (
          <OpenUse key={use.id} use={use} />
        ))}
      </ol>
      {!isAtEnd && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" /> To the newest
        </button>
      )}
    </div>
  );
}

const sameBreathMs = 5 * 60_000;

function continues(message: MessageView, before: MessageView | undefined): boolean {
  if (!before || message.usedBy || message.repliesTo || before.isEphemeral !== message.isEphemeral) return false;
  return before.authorId === message.authorId && message.createdAt - before.createdAt < sameBreathMs;
}

interface End {
  readonly list: { current: HTMLDivElement | null };
  readonly isAtEnd: boolean;
  readonly noteScroll: () => void;
  readonly toEnd: () => void;
}

const tolerancePixels = 60;

/** Keeps the end in sight, also when pictures grow after they are there, and goes there when one does something oneself. */
function useEnd(ownLatest: string): End {
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const lastTop = useRef(0);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const toEnd = () => {
    follows.current = true;
    list.current?.scrollTo({ top: list.current.scrollHeight });
  };
  useLayoutEffect(() => {
    const inside = list.current?.firstElementChild;
    if (!inside) return undefined;
    const keep = () => {
      if (follows.current) toEnd();
    };
    const observer = new ResizeObserver(keep);
    observer.observe(inside);
    keep();
    return () => {
      observer.disconnect();
    };
  }, []);
  useLayoutEffect(toEnd, [ownLatest]);
  const noteScroll = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = list.current ?? {};
    const isNear = scrollHeight - scrollTop - clientHeight < tolerancePixels;
    // A message that grows also scrolls the list. Only somebody who goes up wants to stay there.
    follows.current = isNear || (follows.current && scrollTop >= lastTop.current);
    lastTop.current = scrollTop;
    setIsAtEnd(follows.current);
  };
  return { list, isAtEnd, noteScroll, toEnd };
}
