import type { FastifyInstance } from 'fastify';
import { claim, getAnswered, recordAnswer } from '../actions/interactions.ts';
import { demandOpen } from '../access.ts';
import { deleteMessage, editMessage } from '../actions/messages.ts';
import { refuse } from '../errors.ts';
import { messageBody } from '../rules/message-body.ts';
import { parseBody } from '../rules/parse.ts';
import type { Answer, Interaction } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import { isLoading, messageFlags } from '../state/message.ts';
import { messageWire } from '../wire/message.ts';
import type { World } from '../world.ts';
import { getChannel } from '../world.ts';
import { callbackTypes, giveAnswer, reply as replyTo } from './answers.ts';
import type { Incoming } from './body.ts';
import { nothing } from './body.ts';

interface CallbackRoute {
  readonly Params: { readonly id: string; readonly token: string };
  readonly Querystring: { readonly with_response?: string };
  readonly Body: Incoming | undefined;
}

interface WebhookRoute {
  readonly Params: { readonly application: string; readonly token: string; readonly message: string };
  readonly Body: Incoming | undefined;
}

export function interactionRoutes(app: FastifyInstance, world: World): void {
  app.post<CallbackRoute>('/interactions/:id/:token/callback', async ({ params, query, body = nothing }, reply) => {
    const { interaction, release } = claim(world, params);
    const answer = await giveAnswer(world, interaction, body).catch((error: unknown) => {
      release();
      throw error;
    });
    recordAnswer(world, interaction, answer);
    return query.with_response === 'true' ? callbackWire(world, interaction, answer) : reply.code(204).send();
  });
  app.post<WebhookRoute>('/webhooks/:application/:token', async ({ params, body = nothing }) => {
    return messageWire(world, await followUp(world, getAnswered(world, params.token), body));
  });
  const path = '/webhooks/:application/:token/messages/:message';
  app.get<WebhookRoute>(path, ({ params }) => messageWire(world, messageOf(world, params)));
  app.patch<WebhookRoute>(path, async ({ params, body = nothing }) => {
    const message = messageOf(world, params);
    demandOpen(world, getChannel(world, message.channelId));
    const content = { body: parseBody(messageBody, body.json), uploads: body.uploads };
    return messageWire(world, await editMessage(world, message, content));
  });
  app.delete<WebhookRoute>(path, ({ params }, reply) => {
    deleteMessage(world, messageOf(world, params));
    return reply.code(204).send();
  });
}

/** The first follow-up after a deferral takes the place of "thinking…", and whether it is ephemeral was decided then. */
async function followUp(world: World, interaction: Interaction, { json, uploads }: Incoming): Promise<Message> {
  const { original } = interaction;
  const isFirst = original !== undefined && isLoading(original);
  if (!isFirst) return replyTo(world, interaction, { data: json, uploads });
  return editMessage(world, original, { body: parseBody(messageBody, json), uploads });
}

function messageOf(world: World, { token, message: id }: WebhookRoute['Params']): Message {
  const { original, messages } = getAnswered(world, token);
  const found = id === '@original' ? original : [original, ...messages].find((one) => one?.id === id);
  return found && !found.isDeleted ? found : refuse('unknownMessage', `no message ${id} of this interaction`);
}

const numbers = {
  message: callbackTypes.message,
  deferred: callbackTypes.deferred,
  updated: callbackTypes.update,
  'deferred-update': callbackTypes.deferredUpdate,
  modal: callbackTypes.modal,
  choices: callbackTypes.choices,
} as const;

function callbackWire(world: World, { id, kind }: Interaction, answer: Answer) {
  const type = numbers[answer.type];
  const message = 'message' in answer ? answer.message : undefined;
  // A deferral creates no resource that a client may rely on.
  const isShown = answer.type === 'message' || answer.type === 'updated';
  return {
    interaction: {
      id,
      type: { command: 2, component: 3, autocomplete: 4, modal: 5 }[kind],
      ...(message && {
        response_message_id: message.id,
        response_message_loading: isLoading(message),
        response_message_ephemeral: (message.flags & messageFlags.ephemeral) !== 0,
      }),
    },
    ...(isShown && message && { resource: { type, message: messageWire(world, message) } }),
  };
}
