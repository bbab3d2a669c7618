import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { demand } from '../access.ts';
import { createThread } from '../actions/threads.ts';
import { refuse, refuseInvalid } from '../errors.ts';
import { parseBody } from '../rules/parse.ts';
import type { ChannelForm, TextChannel, Thread } from '../state/channel.ts';
import { channelTypes, threadMemberWire, threadWire } from '../wire/channel.ts';
import type { World } from '../world.ts';
import { getChannel, getMessage, getUser } from '../world.ts';
import type { Incoming } from './body.ts';
import { archiveMinutes } from './channels.ts';

interface ThreadRoute {
  readonly Params: {
    readonly channel: string;
    readonly message: string;
    readonly user: string;
    readonly guild: string;
  };
  readonly Body: Incoming | undefined;
}

/** The form of channel that bears each type of thread. */
const bearers: Readonly<Record<number, ChannelForm>> = {
  [channelTypes.announcementThread]: 'announcement',
  [channelTypes.publicThread]: 'text',
  [channelTypes.privateThread]: 'text',
};

const threadBody = z.looseObject({
  name: z.string().min(1).max(100),
  auto_archive_duration: archiveMinutes.nullish(),
  // The API's default is private; clients say what they mean.
  type: z.literal(Object.keys(bearers).map(Number)).nullish(),
});

export function threadRoutes(app: FastifyInstance, world: World): void {
  app.post<ThreadRoute>('/channels/:channel/messages/:message/threads', ({ params, body }, reply) => {
    const parent = parentFor(world, params.channel);
    demand(world, parent, 'CreatePublicThreads');
    const { name, auto_archive_duration } = parseBody(threadBody, body?.json);
    const message = getMessage(world, { channelId: parent.id, id: params.message });
    if (message.ephemeralFor !== undefined) refuse('unknownMessage', 'an ephemeral message cannot carry a thread');
    reply.code(201);
    return start(world, parent, { id: message.id, name, isPrivate: false, autoArchiveMinutes: auto_archive_duration });
  });
  app.post<ThreadRoute>('/channels/:channel/threads', ({ params, body }, reply) => {
    const parent = parentFor(world, params.channel);
    const { name, type, auto_archive_duration } = parseBody(threadBody, body?.json);
    const isPrivate = (type ?? channelTypes.privateThread) === channelTypes.privateThread;
    demandBearer(parent, type ?? channelTypes.privateThread);
    demand(world, parent, isPrivate ? 'CreatePrivateThreads' : 'CreatePublicThreads');
    reply.code(201);
    return start(world, parent, { id: world.newId(), name, isPrivate, autoArchiveMinutes: auto_archive_duration });
  });
  app.put<ThreadRoute>('/channels/:channel/thread-members/:user', ({ params }, reply) => {
    const thread = openThread(world, params.channel);
    const user = params.user === '@me' ? world.bot : getUser(world, params.user);
    demand(world, thread, ...(user === world.bot ? [] : (['SendMessagesInThreads'] as const)));
    thread.memberIds.add(user.id);
    world.changes.record({ type: 'thread-updated', thread });
    return reply.code(204).send();
  });
  app.get<ThreadRoute>('/channels/:channel/thread-members', ({ params }) => {
    const thread = openThread(world, params.channel);
    return [...thread.memberIds].map((id) => threadMemberWire(thread, id));
  });
  app.get<ThreadRoute>('/guilds/:guild/threads/active', ({ params }) => {
    const threads = [...world.channels.values()].filter(
      (channel): channel is Thread =>
        channel.kind === 'thread' && channel.guildId === params.guild && !channel.isDeleted,
    );
    return { threads: threads.map((thread) => threadWire(world, thread)), members: [] };
  });
}

/** A thread cannot be started inside a thread. */
function parentFor(world: World, id: string): TextChannel {
  const channel = getChannel(world, id);
  return channel.kind === 'text' ? channel : refuse('wrongChannelType', `channel ${id} is a ${channel.kind} channel`);
}

function demandBearer({ id, form }: TextChannel, type: number): void {
  // A post has a first message, which the body has to bring. This stand-in takes posts of members alone.
  if (form === 'forum')
    refuseInvalid([{ path: ['message'], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }]);
  if (bearers[type] !== form) refuse('wrongChannelType', `channel ${id} (${form}) bears no threads of type ${type}`);
}

function openThread(world: World, id: string): Thread {
  const channel = getChannel(world, id);
  return channel.kind === 'thread' ? channel : refuse('wrongChannelType', `channel ${id} is no thread`);
}

interface Start {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly autoArchiveMinutes: number | null | undefined;
}

function start(world: World, parent: TextChannel, { autoArchiveMinutes, ...draft }: Start) {
  const ownerId = world.bot.id;
  const thread = createThread(world, parent, { ...draft, autoArchiveMinutes: autoArchiveMinutes ?? 4320, ownerId });
  return threadWire(world, thread);
}
