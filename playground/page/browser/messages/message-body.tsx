import type { JSX } from 'preact';
import type { MessageBodyView, MessageView } from '../../protocol.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { timeText } from '../pieces/words.ts';
import { Attachments } from './attachments.tsx';
import { Components } from './component.tsx';
import { Embed } from './embed.tsx';

export function MessageBody({ message }: { readonly message: MessageView }): JSX.Element {
  if (message.isLoading) {
    return (
      <p class="thinking">
        <span class="dots" aria-hidden="true" /> {message.authorName} is thinking…
      </p>
    );
  }
  return (
    <>
      {message.forwarded && <Forwarded message={message} forwarded={message.forwarded} />}
      <Body body={message} message={message} />
      {message.editedAt !== null && <EditedMark at={message.editedAt} />}
    </>
  );
}

interface BodyOf {
  readonly body: MessageBodyView;
  readonly message: MessageView;
}

function Body({ body, message }: BodyOf): JSX.Element {
  return (
    <>
      {body.content !== '' && <Markdown text={body.content} />}
      <Attachments attachments={body.attachments} />
      {body.embeds.map((embed, index) => (
        <Embed key={index} embed={embed} />
      ))}
      <Components components={body.components} message={message} />
    </>
  );
}

interface ForwardedOf {
  readonly message: MessageView;
  readonly forwarded: NonNullable<MessageView['forwarded']>;
}

function Forwarded({ message, forwarded }: ForwardedOf): JSX.Element {
  return (
    <div class="forwarded">
      <p class="faint">Forwarded from #{forwarded.channelName}</p>
      <Body body={forwarded} message={message} />
    </div>
  );
}

function EditedMark({ at }: { readonly at: number }): JSX.Element {
  return (
    <p class="edited" title={timeText(at, 'F')}>
      (edited)
    </p>
  );
}
