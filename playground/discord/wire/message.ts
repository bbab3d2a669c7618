import type { Component } from '../rules/component.ts';
import type { Thread } from '../state/channel.ts';
import type { Attachment, Message, MessageVersion, Snapshot } from '../state/message.ts';
import type { World } from '../world.ts';
import { getUser } from '../world.ts';
import { threadWire } from './channel.ts';
import { userWire } from './user.ts';
import type { Json } from './json.ts';

/** A message with nothing held back, as an interaction carries it. */
export function messageWire(world: World, message: Message): Json {
  const thread = threadFrom(world, message);
  const interaction = message.interactionId === undefined ? undefined : world.interactions.get(message.interactionId);
  return {
    id: message.id,
    channel_id: message.channelId,
    type: interaction?.kind === 'command' ? 20 : message.repliesTo ? 19 : 0,
    author: userWire(getUser(world, message.author.id)),
    content: message.content,
    embeds: message.embeds.map((embed) => ({ type: 'rich', ...embed })),
    components: withMediaLinks(world, message),
    attachments: message.attachments.map((attachment) => attachmentWire(world, attachment)),
    flags: message.flags,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === undefined ? null : new Date(message.editedAt).toISOString(),
    mentions: message.mentions.map((id) => userWire(getUser(world, id))),
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    ...(message.nonce !== undefined && { nonce: message.nonce }),
    ...(message.repliesTo !== undefined && {
      message_reference: { type: 0, message_id: message.repliesTo, channel_id: message.channelId },
    }),
    ...(message.forwarded && {
      message_reference: referenceTo(message.forwarded),
      message_snapshots: [{ message: snapshotWire(world, message.forwarded) }],
    }),
    ...(thread && { thread: threadWire(world, thread) }),
    ...(interaction && {
      application_id: world.bot.id,
      webhook_id: world.bot.id,
      interaction_metadata: metadataOf(world, interaction),
    }),
  };
}

/**
 * A message as the API shows it to the bot. Without the Message Content intent, which this bot may not have, what members write
 * stays hidden, unless they mention the bot or write to it directly.
 */
export function messageForBot(world: World, message: Message): Json {
  const wire = messageWire(world, message);
  const isOpen =
    message.author.id === world.bot.id ||
    message.mentions.includes(world.bot.id) ||
    world.channels.get(message.channelId)?.kind === 'direct';
  if (isOpen) return wire;
  return { ...wire, ...withheld, ...(message.forwarded && { message_snapshots: [{ message: withheld }] }) };
}

const withheld = { content: '', embeds: [], components: [], attachments: [] };

function referenceTo({ messageId, channelId, guildId }: Snapshot): Json {
  return { type: 1, message_id: messageId, channel_id: channelId, guild_id: guildId };
}

function snapshotWire(world: World, { createdAt, version }: Snapshot): Json {
  return {
    type: 0,
    content: version.content,
    embeds: version.embeds.map((embed) => ({ type: 'rich', ...embed })),
    components: withMediaLinks(world, version),
    attachments: version.attachments.map((attachment) => attachmentWire(world, attachment)),
    flags: 0,
    timestamp: new Date(createdAt).toISOString(),
    edited_timestamp: version.at === createdAt ? null : new Date(version.at).toISOString(),
    mentions: [],
    mention_roles: [],
  };
}

export function attachmentWire(world: World, attachment: Attachment): Json {
  const url = world.linkTo(attachment);
  return {
    id: attachment.id,
    filename: attachment.name,
    size: attachment.bytes.byteLength,
    url,
    proxy_url: url,
    ...(attachment.contentType !== undefined && { content_type: attachment.contentType }),
    ...attachment.size,
    ...(attachment.description !== undefined && { description: attachment.description }),
    ...(attachment.isEphemeral && { ephemeral: true }),
  };
}

function threadFrom(world: World, message: Message): Thread | undefined {
  const channel = world.channels.get(message.id);
  return channel?.kind === 'thread' && !channel.isDeleted ? channel : undefined;
}

function metadataOf(
  world: World,
  { id, userId, guildId, kind }: { id: string; userId: string; guildId: string; kind: string },
) {
  const types: Record<string, number> = { command: 2, component: 3, modal: 5 };
  const user = userWire(getUser(world, userId));
  return { id, type: types[kind] ?? 2, user, authorizing_integration_owners: { 0: guildId } };
}

/** Discord numbers the components and puts real addresses in the place of `attachment://`. */
function withMediaLinks(world: World, { components, attachments }: Pick<MessageVersion, 'components' | 'attachments'>) {
  let id = 0;
  const link = (media: NonNullable<Component['media']>) => {
    const attachment = attachments.find(({ name }) => media.url === `attachment://${name}`);
    if (!attachment) return media;
    const { url, proxy_url, content_type, width = null, height = null } = attachmentWire(world, attachment);
    return { ...media, url, proxy_url, content_type, width, height, attachment_id: attachment.id };
  };
  const render = (one: Component): Record<string, unknown> => ({
    ...one,
    id: one.id ?? ++id,
    ...(one.media && { media: link(one.media) }),
    ...(one.file && { file: link(one.file) }),
    ...(one.items && { items: one.items.map((item) => ({ ...item, media: link(item.media) })) }),
    ...(one.components && { components: one.components.map(render) }),
    ...(one.accessory && { accessory: render(one.accessory) }),
  });
  return components.map(render);
}
