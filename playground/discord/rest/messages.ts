import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { demand, demandOpen, demandUnlocked } from '../access.ts';
import { deleteMessage, editMessage, sendMessage } from '../actions/messages.ts';
import { countOldEdit } from '../actions/old-edits.ts';
import { refuse } from '../errors.ts';
import type { Permission } from '../permissions.ts';
import { messageBody } from '../rules/message-body.ts';
import { parseBody } from '../rules/parse.ts';
import type { Channel } from '../state/channel.ts';
import type { Message } from '../state/message.ts';
import { messageForBot } from '../wire/message.ts';
import type { World } from '../world.ts';
import { getChannel, getMessage, messagesIn } from '../world.ts';
import type { Incoming } from './body.ts';
import { nothing } from './body.ts';

interface MessageRoute {
  readonly Params: { readonly channel: string; readonly message: string };
  readonly Body: Incoming | undefined;
}

const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.string().optional(),
  after: z.string().optional(),
});

export function messageRoutes(app: FastifyInstance, world: World): void {
  app.get<MessageRoute>('/channels/:channel/messages', ({ params, query }) => {
    const channel = getChannel(world, params.channel);
    demand(world, channel, 'ReadMessageHistory');
    return listed(world, channel, parseBody(page, query)).map((message) => messageForBot(world, message));
  });
  app.get<MessageRoute>('/channels/:channel/messages/:message', ({ params }) => {
    const message = visibleMessage(world, params);
    demand(world, getChannel(world, params.channel), 'ReadMessageHistory');
    return messageForBot(world, message);
  });
  app.post<MessageRoute>('/channels/:channel/messages', async ({ params, body }) => {
    return messageForBot(world, await post(world, getChannel(world, params.channel), body ?? nothing));
  });
  app.patch<MessageRoute>('/channels/:channel/messages/:message', async ({ params, body }) => {
    return messageForBot(world, await patch(world, visibleMessage(world, params), body ?? nothing));
  });
  app.delete<MessageRoute>('/channels/:channel/messages/:message', ({ params }, reply) => {
    const message = visibleMessage(world, params);
    const channel = getChannel(world, params.channel);
    demand(world, channel, ...(message.author.id === world.bot.id ? [] : (['ManageMessages'] as const)));
    demandOpen(world, channel);
    deleteMessage(world, message);
    return reply.code(204).send();
  });
}

function listed(world: World, channel: Channel, { limit, before, after }: z.infer<typeof page>): Message[] {
  const fitting = messagesIn(world, channel.id)
    .filter(({ id }) => before === undefined || BigInt(id) < BigInt(before))
    .filter(({ id }) => after === undefined || BigInt(id) > BigInt(after));
  return (after === undefined ? fitting.slice(-limit) : fitting.slice(0, limit)).reverse();
}

/** An ephemeral message exists for its interaction's token alone. */
function visibleMessage(world: World, { channel, message: id }: MessageRoute['Params']): Message {
  const { id: channelId } = getChannel(world, channel);
  const message = getMessage(world, { channelId, id });
  return message.ephemeralFor === undefined ? message : refuse('unknownMessage', `message ${id} is ephemeral`);
}

async function post(world: World, channel: Channel, incoming: Incoming): Promise<Message> {
  const body = parseBody(messageBody, incoming.json);
  demand(world, channel, ...neededFor(channel, incoming, body.embeds?.length ?? 0));
  demandUnlocked(world, channel);
  if (channel.kind === 'text' && channel.form === 'forum') refuse('noTextChannel');
  if (channel.kind === 'direct' && channel.isRefused) refuse('cannotMessageUser');
  return sendMessage(world, channel, { body, uploads: incoming.uploads, author: world.bot });
}

function neededFor(channel: Channel, { uploads }: Incoming, embeds: number): Permission[] {
  return [
    channel.kind === 'thread' ? 'SendMessagesInThreads' : 'SendMessages',
    ...(uploads.size > 0 ? (['AttachFiles'] as const) : []),
    ...(embeds > 0 ? (['EmbedLinks'] as const) : []),
  ];
}

async function patch(world: World, message: Message, incoming: Incoming): Promise<Message> {
  const channel = getChannel(world, message.channelId);
  const body = parseBody(messageBody, incoming.json);
  demand(world, channel, ...neededFor(channel, incoming, body.embeds?.length ?? 0).slice(1));
  if (message.author.id !== world.bot.id) refuse('notTheAuthor', `message ${message.id} is by ${message.author.name}`);
  demandOpen(world, channel);
  countOldEdit(world, message);
  return editMessage(world, message, { body, uploads: incoming.uploads });
}
