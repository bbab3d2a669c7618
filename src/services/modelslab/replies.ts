import { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';
import { parseJson } from './envelope.ts';
import { amount, id, idIn, link, logTexts, optionalId, present, sentences, word } from './scalars.ts';
import type { BaseModel, Pictures } from './training-api.ts';

/*
 * The provider's answers, in the provider's spelling. It leaves fields out, and adds others: what is not needed is
 * never asked for.
 */

/** The two are one id. Where they differ, neither is known to be the training's. */
export const startReply = z
  .object({ training_id: optionalId, model_id: optionalId })
  .transform(({ training_id, model_id }, context) => {
    const isOne = training_id === undefined || model_id === undefined || training_id === model_id;
    return present(isOne ? (training_id ?? model_id) : undefined, 'training_id', context);
  });

/** What the provider posts to a webhook, as far as it is of use: stages and logs are asked for. */
const webhookCall = z
  .object({ model_id: optionalId, training_id: optionalId })
  .transform(({ model_id, training_id }) => model_id ?? training_id);

/** The newer trainer's; `data.id` is what its status answers call the training. */
export const trainerStartReply = z
  .object({ training_id: optionalId, id: optionalId, request_id: optionalId, data: optional({ id: optionalId }) })
  .transform(({ training_id, id, request_id, data }, context) =>
    present(training_id ?? data?.id ?? id ?? request_id, 'training_id', context),
  );

/** As the trainings of v3 tell it. */
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
      log: logTexts(reply.data).flatMap(logEntries).slice(-mostEntries),
      sampleUrl: reply.test_image,
    };
  });

/** Fails for an answer that says of itself that it is about another training than the one that was asked about. */
export function aboutTraining(asked: TrainingId): z.ZodType {
  return z.unknown().refine(
    (body) => {
      const { data } = z.object({ training_id: optionalId, model_id: optionalId }).safeParse(body);
      return [data?.training_id, data?.model_id].every((named) => named === undefined || named === asked);
    },
    { path: ['training_id'] },
  );
}

/** As the newer trainer tells it. */
export interface TrainerProgress {
  readonly stage: string;
  /** Why it failed; empty when nothing is said. */
  readonly reason: readonly string[];
  /** Whether the result can be used yet, in the provider's word. */
  readonly inference: string | undefined;
  /** The request that uses the result; no document names the field that holds it. */
  readonly usage: unknown;
}

export const trainerStatusReply = z
  .object({
    message: word,
    data: optional({ status: word, response_dump: z.unknown().optional(), inference: z.unknown().optional() }),
  })
  .transform(({ message, data }, context): TrainerProgress => {
    const { status: inference, ...rest } = z
      .looseObject({ status: word })
      .catch({ status: undefined })
      .parse(data?.inference);
    const [only, ...others] = Object.values(rest);
    return {
      stage: present(data?.status ?? message, 'message', context),
      reason: logTexts(reasonIn(data?.response_dump)).flatMap(logEntries).slice(-mostEntries),
      inference,
      usage: others.length === 0 ? only : rest,
    };
  });

const mostEntries = 200;
const longestEntry = 2_000;
/** How deep a reason is looked for. */
const deepest = 8;

/** What is dumped may be a sentence, or an object with one beside what only the provider's engineers read. */
function reasonIn(dump: unknown, depth = 0): unknown {
  if (typeof dump !== 'object' || dump === null || depth === deepest) return dump;
  const told = Object.entries(dump).find(([name, value]) => /^(message|error|detail|reason)$/.test(name) && value);
  return told === undefined ? dump : reasonIn(told[1], depth + 1);
}

/** Entries are joined by the four characters ` /n `, or by newlines, real or escaped; some are empty. */
function logEntries(text: string): readonly string[] {
  return text
    .split(/(?<=^|\s)\/n(?=\s|$)|\r?\n|\\n/)
    .map((entry) => entry.trim().slice(0, longestEntry))
    .filter((entry) => entry !== '');
}

/**
 * Each id once. One that cannot be read makes the list useless: the reconciliation of a paid call must not overlook any.
 */
export const listReply = z
  .object({ data: z.custom<readonly unknown[]>(Array.isArray) }) // Of its entries zod would make tens of thousands of results.
  .transform(({ data }, context): readonly TrainingId[] => {
    const ids = new Set<TrainingId>();
    for (const [index, model] of data.entries()) {
      const found = idIn(model);
      // The first is told, and no other: there may be millions.
      if (found === undefined) return present<readonly TrainingId[]>(undefined, `data.${index}`, context);
      ids.add(found);
    }
    return [...ids];
  });

export const uploadReply = z.object({ link }).transform((reply) => reply.link);

export const walletReply = z
  .object({ data: z.object({ balance: amount, currency: word }) })
  .transform(({ data }) => ({ balance: data.balance, currency: data.currency ?? 'USD' }));

/** Cancelling and deleting: their texts are undocumented, so anything that is no refusal will do. */
export const doneReply = z.unknown().transform(() => undefined);

const baseModel = z.object({ model_id: id, model_name: word });

/** A bare list. An entry that cannot be read is left out, and so is one that stands there again. */
export const baseModelsReply = z.array(z.unknown()).transform((entries): readonly BaseModel[] => {
  const models = new Map<string, BaseModel>();
  for (const entry of entries) {
    const { data } = baseModel.safeParse(entry);
    if (data && !models.has(data.model_id)) {
      models.set(data.model_id, { id: data.model_id, name: data.model_name ?? data.model_id });
    }
  }
  return [...models.values()];
});

const longestEtaMs = 3_600_000;
const links = z.array(link).catch([]);

/** `asked`: the id that was asked for, as not every answer to it repeats it. */
export function picturesReply(asked?: string): z.ZodType<Pictures> {
  return z
    .object({
      status: word,
      id: optionalId,
      fetch_result: link.optional().catch(() => undefined),
      eta: amount.catch(0),
      output: links,
      proxy_links: links,
      message: z.unknown().optional(),
    })
    .transform((reply, context): Pictures => {
      const status = reply.status?.toLowerCase();
      if (status === 'failed') return { state: 'failed', said: sentences(reply.message)[0] };
      const made = reply.output.length > 0 ? reply.output : reply.proxy_links;
      // What stands in `output` before that are the places where pictures will be.
      if (made.length > 0 && status !== 'processing') return { state: 'made', links: made };
      const requestId = present(reply.id ?? lastStep(reply.fetch_result) ?? asked, 'id', context);
      return { state: 'in-the-making', requestId, etaMs: Math.min(longestEtaMs, Math.max(0, reply.eta * 1000)) };
    });
}

/** Only the id of `fetch_result` is taken: the key follows no link that an answer names. */
function lastStep(url: string | undefined): string | undefined {
  return /\/([\w-]{1,200})\/?$/.exec(url ?? '')?.[1];
}

/** Absent, null and anything else that is no object are all the same to us. */
function optional<T extends z.core.$ZodLooseShape>(shape: T) {
  return z
    .object(shape)
    .optional()
    .catch(() => undefined);
}

/**
 * The training that a call of the provider's names. Calls are not signed: the caller has to ask the provider before
 * anything comes of it.
 */
export function namedIn(body: string): TrainingId | undefined {
  return webhookCall.safeParse(parseJson(body)).data;
}
