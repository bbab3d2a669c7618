import * as described from 'discord-api-spec/zod';
import { z } from 'zod';
import type { Problem } from '../errors.ts';

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

const commands = z.nullable(z.array(described.ApplicationCommandUpdateRequestSchema));

/** By method and route as the stand-in declares it: what Discord's own description says of its body. */
const bodies: Readonly<Record<string, Schema>> = {
  'PUT /applications/:application/commands': commands,
  'PUT /applications/:application/guilds/:guild/commands': commands,
  'POST /applications/:application/commands': described.ApplicationCommandCreateRequestSchema,
  'POST /applications/:application/guilds/:guild/commands': described.ApplicationCommandCreateRequestSchema,
  'POST /channels/:channel/messages': described.MessageCreateRequestSchema,
  'PATCH /channels/:channel/messages/:message': described.MessageEditRequestPartialSchema,
  'POST /channels/:channel/messages/:message/threads': described.CreateTextThreadWithMessageRequestSchema,
  'POST /channels/:channel/threads': z.union([
    described.CreateForumThreadRequestSchema,
    described.CreateTextThreadWithoutMessageRequestSchema,
  ]),
  'PATCH /channels/:channel': described.UpdateThreadRequestPartialSchema,
  'POST /users/@me/channels': described.CreatePrivateChannelRequestSchema,
  'POST /webhooks/:application/:token': described.IncomingWebhookInteractionRequestSchema,
  'PATCH /webhooks/:application/:token/messages/:message': described.IncomingWebhookUpdateRequestPartialSchema,
};

/** By the type of the answer, so that what is wrong with one is not told of all the others. */
const answers: Readonly<Record<number, Schema>> = {
  1: described.PongInteractionCallbackRequestSchema,
  4: described.CreateMessageInteractionCallbackRequestSchema,
  5: described.CreateMessageInteractionCallbackRequestSchema,
  6: described.UpdateMessageInteractionCallbackRequestSchema,
  7: described.UpdateMessageInteractionCallbackRequestSchema,
  8: described.ApplicationCommandAutocompleteCallbackRequestSchema,
  9: described.ModalInteractionCallbackRequestSchema,
};

const answer = z.looseObject({ type: z.int() });
const command = z.looseObject({ default_member_permissions: z.string().regex(/^\d+$/) });

/**
 * What Discord's own description has against a JSON body. Routes without a body in it pass. It allows more in places
 * (4000 characters of content, 40 parts of a modal): the rules beside this file know better.
 */
export function describedProblems(method: string, route: string, json: unknown): Problem[] {
  const schema = schemaOf(`${method} ${route}`, json);
  if (schema === undefined) return [];
  const { error } = z.safeParse(schema, asDescribed(json));
  return error ? telling(error.issues).map(toProblem) : [];
}

function schemaOf(call: string, json: unknown): Schema | undefined {
  const isAnswer = /^POST \/interactions\/:\w+\/:token\/callback$/.test(call);
  return isAnswer ? answers[answer.safeParse(json).data?.type ?? 0] : bodies[call];
}

/** Permissions are described as numbers, and every client sends them as strings, for they do not fit into one. */
function asDescribed(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(asDescribed);
  const { data } = command.safeParse(json);
  return data ? { ...data, default_member_permissions: Number(data.default_member_permissions) } : json;
}

/** Where a value fits none of several shapes, the issues furthest inside belong to the shape that was meant. */
function telling(issues: readonly Issue[]): Issue[] {
  const all = issues.flatMap((issue) => within(issue));
  const deepest = Math.max(...all.map(({ path }) => path.length));
  return all.filter(({ path }) => path.length === deepest).slice(0, 8);
}

function within(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const inside = issue.errors.flat().flatMap((one) => within(one));
  // A literal that differs says only that this shape was not meant.
  const meant = inside.filter(({ code, path }) => code !== 'invalid_value' || path.at(-1) !== 'type');
  const found = meant.length > 0 ? meant : inside;
  return found.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

function toProblem({ path, message }: Issue): Problem {
  return { path, code: 'BASE_TYPE_INVALID', message: `${message} (by Discord's description)` };
}
