import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { MessageView } from '../../protocol.ts';
import { Moment } from '../markdown/moment.tsx';
import { usePage } from '../page.ts';
import { Avatar } from '../pieces/avatar.tsx';
import { IconButton } from '../pieces/icon-button.tsx';
import { MessageBody } from './message-body.tsx';
import { MessageMenu } from './message-menu.tsx';
import { OnlyYou } from './only-you.tsx';
import { ThreadLink } from './thread-link.tsx';

interface MessageOf {
  readonly message: MessageView;
  /** The same person goes on writing: name and picture stand above already. */
  readonly isContinued: boolean;
}

export function Message({ message, isContinued }: MessageOf): JSX.Element {
  const [menuAt, setMenuAt] = useState<{ readonly x: number; readonly y: number }>();
  const classes = [
    'message',
    isContinued && 'message-continued',
    message.mentionsMe && 'message-mentions',
    message.isEphemeral && 'message-ephemeral',
  ];
  return (
    <li
      class={classes.filter(Boolean).join(' ')}
      onContextMenu={(event) => {
        // A link or a picture has a menu of the browser's that people know.
        if (event.target instanceof Element && event.target.closest('a, img, input, textarea')) return;
        event.preventDefault();
        setMenuAt({ x: event.clientX, y: event.clientY });
      }}
    >
      <article aria-label={`Message from ${message.authorName}`}>
        <Above message={message} />
        <div class="message-avatar">{!isContinued && <Avatar name={message.authorName} isBot={message.isBot} />}</div>
        <div class="message-content">
          {!isContinued && <Head message={message} />}
          <MessageBody message={message} />
          <Failure message={message} />
          {message.threadId !== null && <ThreadLink threadId={message.threadId} />}
          {message.isEphemeral && <OnlyYou id={message.id} isDismissable={!message.isLoading} />}
        </div>
      </article>
      {!message.isLoading && (
        <div class="message-tools">
          <IconButton
            icon="more"
            label={`More for this message from ${message.authorName}`}
            aria-haspopup="menu"
            aria-expanded={menuAt !== undefined}
            onClick={({ currentTarget }) => {
              const { left, bottom } = currentTarget.getBoundingClientRect();
              setMenuAt({ x: left, y: bottom });
            }}
          />
        </div>
      )}
      {menuAt && <MessageMenu message={message} at={menuAt} onClose={() => setMenuAt(undefined)} />}
    </li>
  );
}

/** Who used what, or what is answered. */
function Above({ message: { usedBy, repliesTo } }: { readonly message: MessageView }): JSX.Element | null {
  if (usedBy) {
    return (
      <p class="message-above">
        <strong>{usedBy.name}</strong> used <span class="mention">{usedBy.title}</span>
      </p>
    );
  }
  if (!repliesTo) return null;
  return (
    <p class="message-above">
      In reply to <strong>{repliesTo.authorName}</strong>: {repliesTo.excerpt}
    </p>
  );
}

function Head({ message }: { readonly message: MessageView }): JSX.Element {
  return (
    <h3 class="message-head">
      <span class={message.isBot ? 'author author-bot' : 'author'}>{message.authorName}</span>
      {message.isBot && <span class="badge">App</span>}
      <Moment at={message.createdAt} style="t" />
    </h3>
  );
}

/** What a press on one of its buttons came to. */
function Failure({ message }: { readonly message: MessageView }): JSX.Element | null {
  const { state } = usePage();
  const hasFailed = state.view.uses.some((use) => use.state === 'failed' && use.source?.messageId === message.id);
  return hasFailed ? <p class="failure">This interaction failed: the application did not respond.</p> : null;
}
