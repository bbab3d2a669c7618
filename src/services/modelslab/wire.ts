import { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';
import type { BaseModel, Pictures } from './training-api.ts';

/*
 * The provider's answers, in the provider's spelling. It writes numbers where its documents say strings and the
 * other way round, leaves fields out, and adds others: what is not needed is never asked for.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).trim());
/** Empty, null, absent, or of a type that makes no word: all the same to us. */
const word = scalar
  .pipe(z.string().min(1))
  .optional()
  .catch(() => undefined);

const id = scalar
  // Opaque, but it becomes part of a path: no spaces, and never `.` or `..`.
  .pipe(z.string().regex(/^(?!\.+$)[^\s\p{C}]{1,200}$/u))
  .transform((text) => text as TrainingId);
const optionalId = id.optional().catch(() => undefined);

const link = z.url({ protocol: /^https?$/ });

const amount = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(Number);

/** Any answer: success, refusal, or something that only looks like one. */
export interface Envelope {
  /** The whole answer, for the schema of its call. */
  readonly body: unknown;
  /** `success`, `error`, …: lower case, undefined when it says nothing. */
  readonly status: string | undefined;
  /** What it says about itself, most important first. */
  readonly texts: readonly string[];
  /** The texts are about fields of the request, by name. */
  readonly isAboutFields: boolean;
  readonly retryAfterSeconds: number | undefined;
}

const envelope = z.looseObject({ status: word, retry_after: amount.optional().catch(() => undefined) });

/** Undefined when the text is no JSON object: a page of a proxy, an empty or a cut answer. */
export function readEnvelope(text: string): Envelope | undefined {
  const { data } = envelope.safeParse(parseJson(text));
  if (data === undefined) return undefined;
  const said = data['messege'] ?? data['message'] ?? data['error'];
  return {
    body: data,
    status: data.status?.toLowerCase(),
    texts: [said, data['tip'], data['tips']].flatMap(sentences),
    isAboutFields: typeof said === 'object' && said !== null,
    retryAfterSeconds: data.retry_after,
  };
}

/** Undefined when it is no JSON. The parser's error is dropped: it quotes the text, which may echo the key. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `"text"`, `["text", …]` or `{field: ["text", …]}`. */
function sentences(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentences) : [];
}

/** For a value that may stand in one of several fields: the answer is of unknown shape when it stands in none. */
function present<T>(value: T | undefined, name: string, context: z.RefinementCtx): T {
  if (value === undefined) context.addIssue({ code: 'custom', message: 'absent', path: [name] });
  return value ?? z.NEVER;
}

export const startReply = z
  .object({ training_id: optionalId, model_id: optionalId })
  .transform((reply, context) => present(reply.training_id ?? reply.model_id, 'training_id', context));

export interface Progress {
  readonly stage: string;
  readonly log: readonly string[];
  readonly sampleUrl: string | undefined;
}

export const statusReply = z
  .object({
    model_training_status: word,
    training_status: word,
    messege: word,
    message: word,
    data: z.unknown().optional(),
    test_image: z.union([link, z.array(link).transform(([first]) => first)]).catch(() => undefined),
  })
  .transform((reply, context): Progress => {
    const { model_training_status, training_status, messege, message } = reply;
    return {
      stage: present(model_training_status ?? training_status ?? messege ?? message, 'messege', context),
      log: sentences(reply.data).flatMap(logEntries),
      sampleUrl: reply.test_image,
    };
  });

/** Entries are joined by the four characters ` /n `, or by newlines, real or escaped; some are empty. */
function logEntries(text: string): readonly string[] {
  return text
    .split(/(?<=^|\s)\/n(?=\s|$)|\r?\n|\\n/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** One that cannot be read makes the list useless: the reconciliation of a paid call must not overlook any. */
const modelId = z.union([
  id,
  z
    .object({ model_id: optionalId, training_id: optionalId, id: optionalId })
    .transform((model, context) => present(model.model_id ?? model.training_id ?? model.id, 'model_id', context)),
]);

export const listReply = z.object({ data: z.array(modelId) }).transform(({ data }): readonly TrainingId[] => data);

export const uploadReply = z.object({ link }).transform((reply) => reply.link);

export const walletReply = z
  .object({ data: z.object({ balance: amount, currency: word }) })
  .transform(({ data }) => ({ balance: data.balance, currency: data.currency ?? 'USD' }));

/** Cancelling and deleting: their texts are undocumented, so anything that is no refusal will do. */
export const doneReply = z.unknown().transform(() => undefined);

/** A bare array; a model that cannot be read is left out. */
export const baseModelsReply = z.array(z.unknown()).transform((models) =>
  models.flatMap((model): BaseModel[] => {
    const { data } = baseModel.safeParse(model);
    return data ? [{ id: data.model_id, name: data.model_name ?? data.model_id }] : [];
  }),
);
const baseModel = z.object({ model_id: z.string().min(1), model_name: word });

export const picturesReply = z
  .object({ status: word, id: optionalId, eta: amount.catch(0), output: z.array(link).catch([]), message: word })
  .transform(({ status, id: requestId, eta, output, message }, context): Pictures => {
    if (status?.toLowerCase() === 'failed') return { state: 'failed', said: message };
    if (output.length > 0) return { state: 'made', links: output };
    return { state: 'in-the-making', requestId: present(requestId, 'id', context), etaMs: eta * 1000 };
  });
