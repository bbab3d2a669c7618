import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import { systemClock } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { judge, unknownShape } from './answer.ts';
import type { Answer, Asked, Refused } from './answer.ts';
import { TrainingApiError } from './errors.ts';
import { createHttp, defaultLimits } from './http.ts';
import type { Limits } from './http.ts';
import { cleanText, withoutKey } from './said.ts';
import { trainers } from './trainers.ts';
import type { Trainer } from './trainers.ts';
import type { ApiKey, TrainingApi, TrainingStatus } from './training-api.ts';
import { conclude } from './verdict.ts';
import { doneReply, listReply, startReply, statusReply, uploadReply, walletReply } from './wire.ts';
import type { Progress } from './wire.ts';

const largestUploadBytes = 5_000_000;
const mostLogLines = 200;

export interface TrainingApiDeps {
  /** `MODELSLAB_URL`: the API's root, above `/v3`. */
  readonly baseUrl: string;
  /** `MODELSLAB_SANDBOX_URL`: the sandbox's root, its version included. */
  readonly sandboxUrl: string;
  readonly clock?: Pick<Clock, 'now'>;
  readonly limits?: Partial<Limits>;
  /** Carries the free calls; without one they share 16 kept connections a host. Paid calls never use it. */
  readonly dispatcher?: Dispatcher;
}

interface Call<T> {
  /** Completes "Cannot …". */
  readonly doing: string;
  readonly host: Trainer['host'] | 'root';
  readonly path: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly paid?: boolean;
  readonly reply: z.ZodType<T>;
}

/** The provider over HTTP. Keeps no state but connections, which do not keep the process alive. */
export function createTrainingApi(deps: TrainingApiDeps): TrainingApi {
  const http = createHttp({ ...defaultLimits, ...deps.limits }, deps.dispatcher);
  const clock = deps.clock ?? systemClock;
  const root = deps.baseUrl.replace(/\/+$/, '');
  const hosts = { root, v3: `${root}/v3`, sandbox: deps.sandboxUrl.replace(/\/+$/, '') };

  async function send(call: Call<unknown>, { secret }: ApiKey, signal: AbortSignal): Promise<Sent> {
    const outgoing = {
      url: new URL(`${hosts[call.host]}/${call.path}`),
      // The key travels in the body, so a body is never logged and never put into an error.
      body: JSON.stringify({ ...call.fields, key: secret }),
    };
    const paid = call.paid ?? false;
    const exchange = paid ? await http.paid(outgoing, signal) : await http.free(outgoing, signal);
    const asked = { doing: call.doing, paid, secret, now: clock.now() };
    return { asked, answer: judge(exchange, asked) };
  }

  async function ask<T>(call: Call<T>, key: ApiKey, signal: AbortSignal): Promise<T> {
    const { answer, asked } = await send(call, key, signal);
    if (answer.kind === 'refused') throw answer.error;
    return read(call.reply, answer.body, asked);
  }

  return {
    start(request, key, signal) {
      const { host, startPath, fields } = trainers[request.method];
      const call = { doing: 'start the training', host, path: startPath, paid: true, reply: startReply };
      return ask({ ...call, fields: fields(request) }, key, signal);
    },

    async status({ method, trainingId }, key, signal) {
      const { host, paths } = trainers[method];
      const call = { doing: 'ask for the status', host, path: paths.status(trainingId), reply: statusReply };
      const { answer, asked } = await send(call, key, signal);
      if (answer.kind === 'accepted') return toStatus(read(statusReply, answer.body, asked), key);
      const end = endIn(answer, key);
      if (end === undefined) throw answer.error;
      return end;
    },

    async cancel({ method, trainingId }, key, signal) {
      const { host, paths } = trainers[method];
      const [path, otherPath] = paths.cancel(trainingId);
      const call = { doing: 'cancel the training', host, reply: doneReply };
      try {
        await ask({ ...call, path }, key, signal);
      } catch (first) {
        if (!isMissing(first)) throw first;
        await ask({ ...call, path: otherPath }, key, signal).catch((second: unknown) => {
          // A refusal in words knows more than the page of a server that lacks the path.
          throw isMissing(second) && first.kind === 'rejected' ? first : second;
        });
      }
    },

    remove({ method, trainingId }, key, signal) {
      const { host, paths } = trainers[method];
      const call = { doing: 'delete the model', host, path: paths.remove(trainingId), reply: doneReply };
      return ask(call, key, signal);
    },

    list: (key, signal) =>
      ask({ doing: 'list the models', host: 'v3', path: 'finetune_list', reply: listReply }, key, signal),

    async upload(png, key, signal) {
      if (png.length > largestUploadBytes) throw tooLarge(png.length);
      const image = `data:image/png;base64,${png.toString('base64')}`;
      const call = { doing: 'upload a picture', host: 'v3', path: 'base64_crop', reply: uploadReply } as const;
      return ask({ ...call, fields: { image, crop: 'false' } }, key, signal);
    },

    wallet: (key, signal) =>
      ask({ doing: 'ask for the balance', host: 'root', path: 'wallet_balance', reply: walletReply }, key, signal),
  };
}

interface Sent {
  readonly asked: Asked;
  readonly answer: Answer;
}

function read<T>(reply: z.ZodType<T>, body: unknown, asked: Asked): T {
  const { data, error } = reply.safeParse(body);
  if (error === undefined) return data;
  throw unknownShape(asked, error.issues[0]?.path.join('.') ?? '');
}

function toStatus(progress: Progress, { secret }: ApiKey): TrainingStatus {
  const { stage, verdict, log } = conclude(progress);
  const { sampleUrl } = progress;
  return {
    stage: cleanText(stage, secret),
    verdict,
    log: log.slice(-mostLogLines).map((line) => cleanText(line, secret)),
    ...(sampleUrl !== undefined && withoutKey(sampleUrl, secret) === sampleUrl && { sampleUrl }),
  };
}

/** Some refusals of a status call tell how the training ended; the others are about the call. */
function endIn({ body, error }: Refused, key: ApiKey): TrainingStatus | undefined {
  const { data } = statusReply.safeParse(body);
  const status = data && toStatus(data, key);
  if (status?.verdict === 'failed') return status;
  // "Your subscription was cancelled" is about the account.
  return status?.verdict === 'cancelled' && error.reason === 'other' ? status : undefined;
}

function isMissing(thrown: unknown): thrown is TrainingApiError {
  return thrown instanceof TrainingApiError && thrown.status === 404;
}

function tooLarge(bytes: number): TrainingApiError {
  const message = `Cannot upload a picture: it has ${bytes} bytes, and at most ${largestUploadBytes} are taken`;
  return new TrainingApiError('rejected', message, { reason: 'fields' });
}
