import { textOf } from '../../discord/driver/describe.ts';
import type { Sight } from '../../discord/driver/sight.ts';
import type { Embed } from '../../discord/rules/embed.ts';
import {
  isLoading,
  type Attachment,
  type Message,
  type MessageVersion,
  type Snapshot,
} from '../../discord/state/message.ts';
import type { EmbedView, MediaView, MessageBodyView, MessageView } from '../protocol.ts';
import { componentViews } from './component-view.ts';
import { mediaIn, type Media } from './media.ts';

/** Who looks, and by what. */
export interface Viewing {
  readonly viewerId: string;
  readonly sight: Sight;
  readonly now: number;
  readonly linkTo: (attachment: Attachment) => string;
}

const excerptLength = 100;

export function messageView(message: Message, viewing: Viewing): MessageView {
  const { sight, viewerId } = viewing;
  const around = sight.messages({ id: message.channelId });
  const thread = sight.channels().find(({ id }) => id === message.id);
  return {
    ...bodyView(message, viewing),
    id: message.id,
    channelId: message.channelId,
    authorId: message.author.id,
    authorName: message.author.name,
    isBot: sight.userOf(message.author.id)?.isBot ?? false,
    createdAt: message.createdAt,
    editedAt: editedAt(message),
    isEphemeral: message.ephemeralFor !== undefined,
    isLoading: isLoading(message),
    mentionsMe: message.mentions.includes(viewerId),
    usedBy: usedBy(message, viewing),
    repliesTo: repliesTo(around.find(({ id }) => id === message.repliesTo)),
    forwarded: message.forwarded ? forwardedView(message.forwarded, viewing) : null,
    threadId: thread?.id ?? null,
  };
}

/** What replaced "thinking…" is what the message says first. */
function editedAt({ versions }: Message): number | null {
  const said = versions.filter(({ content, embeds, components, attachments }, index) => {
    return index > 0 || content !== '' || embeds.length + components.length + attachments.length > 0;
  });
  return said.length > 1 ? (said.at(-1)?.at ?? null) : null;
}

function bodyView(version: Omit<MessageVersion, 'at'>, viewing: Viewing): MessageBodyView {
  const media = mediaIn(version.attachments, viewing.linkTo);
  const embeds = version.embeds.map((embed) => embedView(embed, media));
  const components = componentViews(version.components, media);
  // Only what nothing above has shown is left for the list of files.
  return { content: version.content, embeds, components, attachments: media.rest() };
}

function embedView(embed: Embed, media: Media): EmbedView {
  const picture = (given: Embed['image']): MediaView | null => (given?.url ? media.show(given.url, null) : null);
  return {
    title: embed.title ?? null,
    description: embed.description ?? null,
    url: embed.url ?? null,
    color: embed.color ?? null,
    author: embed.author?.name ?? null,
    footer: embed.footer?.text ?? null,
    fields: (embed.fields ?? []).map(({ name, value, inline }) => ({ name, value, isInline: inline ?? false })),
    image: picture(embed.image),
    thumbnail: picture(embed.thumbnail),
  };
}

function usedBy(message: Message, { sight }: Viewing): MessageView['usedBy'] {
  const interaction = sight.interactionOf(message);
  if (interaction?.kind !== 'command') return null;
  const { userId, title } = interaction;
  return { personId: userId, name: sight.userOf(userId)?.name ?? '', title };
}

function repliesTo(original: Message | undefined): MessageView['repliesTo'] {
  if (!original) return null;
  const excerpt = textOf(original).slice(0, excerptLength);
  return { messageId: original.id, authorName: original.author.name, excerpt };
}

function forwardedView({ channelId, createdAt, version }: Snapshot, viewing: Viewing): MessageView['forwarded'] {
  const channel = viewing.sight.channels().find(({ id }) => id === channelId);
  return { ...bodyView(version, viewing), createdAt, channelName: channel?.name ?? '' };
}
