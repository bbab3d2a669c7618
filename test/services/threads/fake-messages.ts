import { DiscordAPIError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';
import type { ChannelId, MemberId, MessageId } from '../../../src/lib/ids.ts';
import type { Message, Messages, PostedMessage } from '../../../src/services/threads/rest/messages.ts';

export interface Posted {
  readonly id: MessageId;
  readonly channelId: ChannelId;
  /** What it shows now, and what it showed before. */
  readonly versions: Message[];
  isDeleted: boolean;
}

export interface FakeMessages extends Messages {
  readonly posted: readonly Posted[];
  /** Those that can be read. */
  shown(channelId?: ChannelId): Posted[];
  /** From now on Discord refuses everything there with this code. */
  refuse(channelId: ChannelId, code: number): void;
  /** Somebody put right what was refused there. */
  allow(channelId: ChannelId): void;
  /** An archived thread takes new messages, and opens by them, but no edits. */
  archive(channelId: ChannelId): void;
  /** Discord takes no edits there for longer than anybody waits. */
  limitEdits(channelId: ChannelId): void;
  /** Discord takes nothing there for so long. */
  limit(channelId: ChannelId, forMs: number): void;
  /** Discord takes no message with a picture of somebody else's server. */
  refusePictures(): void;
  /** The next call is lost on its way back: Discord did it, and we do not know. */
  loseNextReply(): void;
}

export function directChannel(memberId: MemberId): ChannelId {
  return `dm-${memberId}` as ChannelId;
}

export function discordError(code: number, status = 400): DiscordAPIError {
  return new DiscordAPIError(
    { code, message: `refused with ${code}` },
    code,
    status,
    'POST',
    'https://discord.example',
    {},
  );
}

export function limitedFor(retryAfter: number): RateLimitError {
  const where = { method: 'PATCH', url: '', route: '', hash: '', majorParameter: '', scope: 'shared' } as const;
  return new RateLimitError({
    ...where,
    retryAfter,
    timeToReset: 0,
    limit: 5,
    global: false,
    sublimitTimeout: retryAfter,
  });
}

/** As Discord keeps messages: ids grow, and of two messages with one nonce there is only the first. */
export function createFakeMessages(): FakeMessages {
  const posted: Posted[] = [];
  const refused = new Map<ChannelId, number>();
  const archived = new Set<ChannelId>();
  const limited = new Set<ChannelId>();
  const limitedMs = new Map<ChannelId, number>();
  let isReplyLost = false;
  let arePicturesRefused = false;

  const check = (channelId: ChannelId) => {
    const code = refused.get(channelId);
    if (code !== undefined) throw discordError(code);
    const forMs = limitedMs.get(channelId);
    if (forMs !== undefined) throw limitedFor(forMs);
  };
  const find = (messageId: MessageId) => posted.find(({ id, isDeleted }) => id === messageId && !isDeleted);
  const replied = () => {
    const isLost = isReplyLost;
    isReplyLost = false;
    if (isLost) throw new Error('socket hang up');
  };

  return {
    posted,
    shown: (channelId) => posted.filter((one) => !one.isDeleted && (channelId ?? one.channelId) === one.channelId),
    refuse: (channelId, code) => refused.set(channelId, code),
    allow: (channelId) => refused.delete(channelId),
    archive: (channelId) => archived.add(channelId),
    limitEdits: (channelId) => limited.add(channelId),
    limit: (channelId, forMs) => limitedMs.set(channelId, forMs),
    refusePictures: () => {
      arePicturesRefused = true;
    },
    loseNextReply: () => {
      isReplyLost = true;
    },

    send: async (channelId, message) => {
      check(channelId);
      if (arePicturesRefused && message.body.embeds?.some(({ image }) => image))
        throw discordError(RESTJSONErrorCodes.InvalidFormBodyOrContentType);
      const same = posted.find(({ versions }) => versions[0]?.nonce === message.nonce && message.nonce !== undefined);
      const sent = same ?? {
        id: `message${posted.length + 1}` as MessageId,
        channelId,
        versions: [message],
        isDeleted: false,
      };
      if (!same) posted.push(sent);
      archived.delete(channelId);
      replied();
      return Promise.resolve(asResult(sent));
    },
    edit: async ({ channelId, messageId }, message) => {
      check(channelId);
      if (archived.has(channelId)) throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
      if (limited.has(channelId)) throw limitedFor(60_000);
      const found = find(messageId);
      if (!found) throw discordError(RESTJSONErrorCodes.UnknownMessage);
      found.versions.push(message);
      replied();
      return Promise.resolve();
    },
    remove: async ({ messageId }) => {
      const found = find(messageId);
      if (found) found.isDeleted = true;
      return Promise.resolve();
    },
    fetch: async ({ messageId }) => {
      const found = find(messageId);
      return Promise.resolve(found && asResult(found));
    },
    direct: async (memberId) => Promise.resolve(directChannel(memberId)),
  };
}

function asResult({ id, versions }: Posted): PostedMessage {
  const files = versions[0]?.files ?? [];
  const attachments = files.map(({ name }) => ({ filename: name, url: `https://cdn.example/${id}/${name}` }));
  return { id, attachments };
}
