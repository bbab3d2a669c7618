import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { canView, demand, demandOpen, may } from '../access.ts';
import { changeThread, deleteChannel } from '../actions/threads.ts';
import { refuse } from '../errors.ts';
import { parseBody } from '../rules/parse.ts';
import type { Thread } from '../state/channel.ts';
import { channelWire } from '../wire/channel.ts';
import type { World } from '../world.ts';
import { getChannel } from '../world.ts';
import type { Incoming } from './body.ts';

interface ChannelRoute {
  readonly Params: { readonly channel: string };
  readonly Body: Incoming | undefined;
}

export const archiveMinutes = z.union([z.literal(60), z.literal(1440), z.literal(4320), z.literal(10_080)]);

const threadChange = z.looseObject({
  name: z.string().min(1).max(100).optional(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  auto_archive_duration: archiveMinutes.optional(),
});

export function channelRoutes(app: FastifyInstance, world: World): void {
  app.get<ChannelRoute>('/channels/:channel', ({ params }) => {
    const channel = getChannel(world, params.channel);
    demand(world, channel);
    return channelWire(world, channel);
  });
  app.patch<ChannelRoute>('/channels/:channel', ({ params, body }) => {
    const channel = getChannel(world, params.channel);
    if (!canView(world, channel, world.bot.id)) refuse('missingAccess');
    if (channel.kind !== 'thread') refuse('missingPermissions', 'this bot changes no channels');
    patchThread(world, channel, parseBody(threadChange, body?.json));
    return channelWire(world, channel);
  });
  app.delete<ChannelRoute>('/channels/:channel', ({ params }) => {
    const channel = getChannel(world, params.channel);
    demand(world, channel, channel.kind === 'thread' ? 'ManageThreads' : 'ManageChannels');
    deleteChannel(world, channel);
    return channelWire(world, channel);
  });
  app.post<ChannelRoute>('/channels/:channel/typing', ({ params }, reply) => {
    const channel = getChannel(world, params.channel);
    demand(world, channel);
    world.changes.record({ type: 'typing', channel });
    return reply.code(204).send();
  });
}

/** Waking a thread takes only the right to write in it; anything else is for its owner or those who manage threads. */
function patchThread(world: World, thread: Thread, change: z.infer<typeof threadChange>): void {
  const isManager = may(world, thread, { userId: world.bot.id, permission: 'ManageThreads' });
  const onlyWakes = change.archived === false && Object.keys(change).length === 1;
  if (change.archived !== false) demandOpen(world, thread);
  if (onlyWakes && !thread.isLocked) demand(world, thread, 'SendMessagesInThreads');
  else if (!isManager && (thread.ownerId !== world.bot.id || thread.isLocked || change.locked !== undefined)) {
    refuse('missingPermissions', `the bot lacks ManageThreads for thread ${thread.id}`);
  }
  changeThread(world, thread, {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.archived !== undefined && { wasArchived: change.archived }),
    ...(change.locked !== undefined && { isLocked: change.locked }),
    ...(change.auto_archive_duration !== undefined && { autoArchiveMinutes: change.auto_archive_duration }),
  });
}
