import type { MessageView } from '../../protocol.ts';
import { plainText } from '../markdown/plain-text.ts';
import type { Notice, State } from './state.ts';
import { currentChannelId } from './state.ts';
import { isForMe } from './unread.ts';

/** What arrived between two states and says something: a message that was thinking before arrives when it is done. */
function arrivals(before: State, after: State): readonly MessageView[] {
  if (before.view.messages === after.view.messages) return [];
  const known = new Set(before.view.messages.filter(({ isLoading }) => !isLoading).map(({ id }) => id));
  return after.view.messages.filter(
    ({ id, isLoading, authorId }) => !known.has(id) && !isLoading && authorId !== after.viewerId,
  );
}

/** Whoever is mentioned or written to directly somewhere else is told where. */
export function noticesOf(before: State, after: State): readonly Omit<Notice, 'id'>[] {
  const here = currentChannelId(after);
  const elsewhere = arrivals(before, after).filter((one) => isForMe(after.view, one) && one.channelId !== here);
  return elsewhere.map(({ authorName, channelId }) => ({
    text: `${authorName} ${wayOf(after, channelId)}`,
    channelId,
    isTrouble: false,
  }));
}

/** The last thing that came in where one looks, as it is read out. */
export function announcementOf(before: State, after: State): string | undefined {
  const here = currentChannelId(after);
  const message = arrivals(before, after).findLast(({ channelId }) => channelId === here);
  return message && `${message.authorName}: ${textOf(message)}`;
}

function wayOf({ view }: State, channelId: string): string {
  if (view.directs.some(({ id }) => id === channelId)) return 'wrote you a direct message';
  const channel = view.channels.find(({ id }) => id === channelId);
  if (channel) return `mentioned you in #${channel.name}`;
  return `mentioned you in “${view.threads.find(({ id }) => id === channelId)?.name ?? 'a thread'}”`;
}

function textOf({ content, embeds, attachments }: MessageView): string {
  const texts = [content, ...embeds.flatMap(({ title, description }) => [title, description])];
  const said = texts.filter((text) => text !== null && text !== '').join('. ');
  const files = attachments.length === 0 ? '' : ` ${attachments.length} attached.`;
  return `${plainText(said).slice(0, 300)}${files}`;
}
