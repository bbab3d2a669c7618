import { z } from 'zod';
import { editMessage, sendMessage } from '../actions/messages.ts';
import { refuseInvalid } from '../errors.ts';
import { messageBody } from '../rules/message-body.ts';
import { modalBody, modalProblems } from '../rules/modal-body.ts';
import { parseBody } from '../rules/parse.ts';
import type { Answer, Interaction } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import { messageFlags } from '../state/message.ts';
import type { World } from '../world.ts';
import { getChannel } from '../world.ts';
import type { Incoming } from './body.ts';

export const callbackTypes = { message: 4, deferred: 5, deferredUpdate: 6, update: 7, choices: 8, modal: 9 } as const;

const callback = z.looseObject({ type: z.int(), data: z.unknown().optional() });
const choices = z.looseObject({
  choices: z
    .array(z.looseObject({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) }))
    .max(25),
});
const deferral = z.looseObject({ flags: z.int().nullish() });

type Give = (
  world: World,
  interaction: Interaction,
  incoming: Incoming & { readonly data: unknown },
) => Answer | Promise<Answer>;

const givers: Readonly<Record<number, Give>> = {
  [callbackTypes.message]: async (world, interaction, incoming) => ({
    type: 'message',
    message: await reply(world, interaction, incoming),
  }),
  [callbackTypes.deferred]: async (world, interaction, { data }) => ({
    type: 'deferred',
    message: await think(world, interaction, data ?? {}),
  }),
  [callbackTypes.deferredUpdate]: (_world, interaction) => ({
    type: 'deferred-update',
    message: sourceOf(interaction),
  }),
  [callbackTypes.update]: async (world, interaction, { data, uploads }) => ({
    type: 'updated',
    message: await editMessage(world, sourceOf(interaction), { body: dataBody(data), uploads }),
  }),
  [callbackTypes.choices]: (_world, _interaction, { data }) => ({
    type: 'choices',
    choices: parseBody(choices, data, ['data']).choices,
  }),
  [callbackTypes.modal]: (_world, _interaction, { data }) => ({ type: 'modal', modal: modalOf(data) }),
};

/** Reads the first answer and does what it says. Does not record it: that is the caller's, once this has worked. */
export async function giveAnswer(world: World, interaction: Interaction, incoming: Incoming): Promise<Answer> {
  const { type, data } = parseBody(callback, incoming.json);
  const give = allowedTypes(interaction).includes(type) ? givers[type] : undefined;
  if (give) return give(world, interaction, { ...incoming, data });
  const allowed = `{${allowedTypes(interaction).join(', ')}}`;
  const message = `Value must be one of ${allowed}: ${interaction.title} cannot be answered with type ${type}.`;
  refuseInvalid([{ path: ['type'], code: 'BASE_TYPE_CHOICES', message }]);
  throw new Error('Cannot get here: an answer of the wrong type is refused');
}

function allowedTypes({ kind, source }: Interaction): readonly number[] {
  const { message, deferred, deferredUpdate, update, modal } = callbackTypes;
  if (kind === 'autocomplete') return [callbackTypes.choices];
  const anywhere = [message, deferred, ...(source ? [deferredUpdate, update] : [])];
  return kind === 'modal' ? anywhere : [...anywhere, modal];
}

function dataBody(data: unknown) {
  return parseBody(messageBody, data, ['data']);
}

/** Sends a message with an interaction's token: only the member sees it if the flag says so. */
export async function reply(
  world: World,
  interaction: Interaction,
  { data, uploads }: Pick<Incoming, 'uploads'> & { readonly data: unknown },
): Promise<Message> {
  const body = dataBody(data);
  return say(world, interaction, { body, uploads, isEphemeral: ((body.flags ?? 0) & messageFlags.ephemeral) !== 0 });
}

async function think(world: World, interaction: Interaction, data: unknown): Promise<Message> {
  const flags = parseBody(deferral, data, ['data']).flags ?? 0;
  if ((flags & ~messageFlags.ephemeral) !== 0) {
    const message = `Only EPHEMERAL can be set when deferring, and the flags are ${flags}`;
    refuseInvalid([{ path: ['data', 'flags'], code: 'INTERACTION_DEFER_FLAGS', message }]);
  }
  const isEphemeral = flags !== 0;
  return say(world, interaction, { body: {}, uploads: new Map(), isEphemeral, flags: messageFlags.loading });
}

type Saying = Omit<Parameters<typeof sendMessage>[2], 'author'> & { readonly isEphemeral: boolean };

async function say(world: World, interaction: Interaction, { isEphemeral, ...content }: Saying): Promise<Message> {
  const message = await sendMessage(world, getChannel(world, interaction.channelId), {
    ...content,
    author: world.bot,
    interactionId: interaction.id,
    ephemeralFor: isEphemeral ? interaction.userId : undefined,
  });
  interaction.messages.push(message);
  return message;
}

function sourceOf({ source, title }: Interaction): Message {
  if (!source) throw new Error(`Cannot update a message: ${title} did not come from one`);
  return source;
}

function modalOf(data: unknown) {
  const modal = parseBody(modalBody, data, ['data']);
  refuseInvalid(modalProblems(modal));
  return modal;
}
