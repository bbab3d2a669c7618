import { refuse, refuseInvalid } from '../errors.ts';
import { mentionedIds } from '../rules/mentions.ts';
import type { MessageBody } from '../rules/message-body.ts';
import { messageProblems } from '../rules/message-body.ts';
import type { Snowflake } from '../snowflake.ts';
import type { Channel, GuildChannel, Thread } from '../state/channel.ts';
import { isArchived } from '../state/channel.ts';
import type { Attachment, Message, MessageVersion, Snapshot } from '../state/message.ts';
import { messageFlags } from '../state/message.ts';
import type { Upload } from '../state/upload.ts';
import { createdAtOf } from '../snowflake.ts';
import type { World } from '../world.ts';
import { createAttachment } from './attachments.ts';

/** The files of a request, by the number in `files[n]`. */
export type Uploads = ReadonlyMap<string, Upload>;

export interface Content {
  readonly body: MessageBody;
  readonly uploads: Uploads;
}

export interface Sender {
  readonly author: Message['author'];
  readonly ephemeralFor?: Snowflake | undefined;
  readonly interactionId?: Snowflake | undefined;
  /** Discord's own flags on top of those that a client may set. */
  readonly flags?: number;
}

const settableFlags = (1 << 2) | (1 << 12) | messageFlags.componentsV2;
const nonceMs = 5 * 60_000;

/** Checks and sends. With `enforce_nonce`, a repeated nonce gives the first message back and sends nothing. */
export async function sendMessage(world: World, channel: Channel, content: Content & Sender): Promise<Message> {
  const { body } = content;
  const repeated = body.enforce_nonce ? findByNonce(world, channel, content) : undefined;
  if (repeated) return repeated;
  const flags =
    ((body.flags ?? 0) & settableFlags) | (content.flags ?? 0) | (content.ephemeralFor ? messageFlags.ephemeral : 0);
  const attachments = await attach(world, channel.id, content);
  refuseInvalid(messageProblems(body, { flags, fileNames: attachments.map(({ name }) => name) }));
  // A second request with this nonce may have come by while the pictures were measured.
  const meanwhile = body.enforce_nonce ? findByNonce(world, channel, content) : undefined;
  if (meanwhile) return meanwhile;
  const message = buildMessage(world, channel, { ...content, flags, attachments });
  if (isEmpty(message) && (flags & messageFlags.loading) === 0) refuse('emptyMessage');
  store(world, channel, message);
  return message;
}

/** Shows a message of one channel in another. A forward that is forwarded shows what it shows itself, and is named as the original. */
export function forwardMessage(
  world: World,
  { from, to }: { readonly from: GuildChannel; readonly to: Channel },
  { original, author }: { readonly original: Message; readonly author: Message['author'] },
): Message {
  const { createdAt, editedAt, content, embeds, components, attachments } = original;
  const shown = { createdAt, version: { at: editedAt ?? createdAt, content, embeds, components, attachments } };
  const names = { messageId: original.id, channelId: from.id, guildId: from.guildId };
  const forwarded = { ...shown, ...original.forwarded, ...names };
  const nothing = { body: {}, uploads: new Map<string, Upload>(), attachments: [] };
  const message = buildMessage(world, to, { ...nothing, author, forwarded, flags: messageFlags.hasSnapshot });
  store(world, to, message);
  return message;
}

/** Changes a message. What the body does not name stays as it is. */
export async function editMessage(world: World, message: Message, { body, uploads }: Content): Promise<Message> {
  const flags = editedFlags(message.flags, body.flags ?? 0);
  const kept = keptAttachments(message, body);
  const added = await attach(world, message.channelId, { body, uploads }, kept);
  const attachments = [...kept, ...added];
  refuseInvalid(messageProblems(body, { flags, fileNames: attachments.map(({ name }) => name) }));
  const changed = {
    content: body.content === undefined ? message.content : (body.content ?? ''),
    embeds: body.embeds === undefined ? message.embeds : (body.embeds ?? []),
    components: body.components === undefined ? message.components : (body.components ?? []),
    attachments,
  };
  if (isEmpty(changed)) refuse('emptyMessage');
  const at = world.clock.now();
  const versions = [...message.versions, { at, ...changed }];
  const mentions = mentionedIds(changed, body.allowed_mentions);
  Object.assign(message, { ...changed, flags, mentions, editedAt: at, versions } satisfies Partial<Message>);
  world.changes.record({ type: 'message-edited', message });
  return message;
}

export function deleteMessage(world: World, message: Message): void {
  message.isDeleted = true;
  world.changes.record({ type: 'message-deleted', message });
}

function findByNonce(world: World, channel: Channel, { body, author }: Content & Sender): Message | undefined {
  const since = world.clock.now() - nonceMs;
  return world.messages
    .get(channel.id)
    ?.find(
      (one) =>
        one.nonce !== undefined && one.nonce === body.nonce && one.author.id === author.id && one.createdAt >= since,
    );
}

/** Components V2 can be switched on by an edit and never off again; an edit ends the bot's thinking. */
function editedFlags(before: number, asked: number): number {
  return (before & ~messageFlags.loading) | (asked & messageFlags.componentsV2);
}

function keptAttachments(message: Message, { attachments }: MessageBody): Attachment[] {
  if (!attachments) return [...message.attachments];
  return message.attachments.filter(({ id }) => attachments.some((named) => named.id === id));
}

/** Discord matches `attachments[].id` with the n of `files[n]`, or with a file that is already there. */
async function attach(
  world: World,
  channelId: Snowflake,
  { body, uploads }: Content,
  kept: readonly Attachment[] = [],
): Promise<Attachment[]> {
  const named = body.attachments ?? [];
  const unmatched = named.filter(({ id }) => !uploads.has(id) && !kept.some((one) => one.id === id));
  refuseInvalid(
    unmatched.map(({ id }) => ({
      path: ['attachments', named.findIndex((one) => one.id === id), 'id'],
      code: 'ATTACHMENT_NOT_FOUND',
      message: `No file and no attachment has the id ${id}`,
    })),
  );
  const created = [...uploads].map(([index, file]) => {
    const entry = named.find(({ id }) => id === index);
    const name = entry?.filename ?? file.name;
    return createAttachment(world, { ...file, name }, { channelId, description: entry?.description ?? undefined });
  });
  return Promise.all(created);
}

interface Draft extends Content, Sender {
  readonly flags: number;
  readonly attachments: readonly Attachment[];
  readonly forwarded?: Snapshot;
}

function buildMessage(world: World, channel: Channel, draft: Draft): Message {
  const { body, attachments } = draft;
  const id = world.newId();
  const text = { content: body.content ?? '', embeds: body.embeds ?? [], components: body.components ?? [] };
  const first: MessageVersion = { at: createdAtOf(id), ...text, attachments };
  const mentions = mentionedIds(text, body.allowed_mentions).filter((mentioned) => world.users.has(mentioned));
  return {
    id,
    channelId: channel.id,
    author: draft.author,
    createdAt: first.at,
    ephemeralFor: draft.ephemeralFor,
    interactionId: draft.interactionId,
    nonce: body.nonce ?? undefined,
    repliesTo: body.message_reference?.message_id ?? undefined,
    forwarded: draft.forwarded,
    notified: draft.ephemeralFor ? [] : mentions,
    mentions,
    ...text,
    attachments,
    flags: draft.flags,
    editedAt: undefined,
    versions: [first],
    isDeleted: false,
  };
}

function isEmpty({ content, embeds, components, attachments }: Omit<MessageVersion, 'at'>): boolean {
  return content === '' && embeds.length + components.length + attachments.length === 0;
}

/** A message that is sent wakes an archived thread. */
function store(world: World, channel: Channel, message: Message): void {
  world.messages.set(channel.id, [...(world.messages.get(channel.id) ?? []), message]);
  if (message.ephemeralFor === undefined) {
    channel.lastMessageId = message.id;
    if (channel.kind === 'thread') {
      wake(world, channel, message.createdAt);
      // Whoever writes in a thread or is called into it belongs to it, and so sees it even when it is private.
      for (const id of [message.author.id, ...message.notified]) channel.memberIds.add(id);
    }
  }
  world.changes.record({ type: 'message-created', message });
}

function wake(world: World, thread: Thread, at: number): void {
  const slept = isArchived(thread, at);
  thread.lastActivityAt = at;
  if (!slept) return;
  thread.wasArchived = false;
  thread.archiveChangedAt = at;
  world.changes.record({ type: 'thread-updated', thread });
}
