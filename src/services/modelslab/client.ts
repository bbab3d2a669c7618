import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { judge, unknownShape, type Answer, type Asked, type Refused } from './answer.ts';
import {
  baseModelsCall,
  cancelCalls,
  drawCall,
  fetchPicturesCall,
  listCall,
  reloadCall,
  removeCall,
  startCall,
  statusCall,
  uploadCall,
  walletCall,
  type Call,
} from './calls.ts';
import { TrainingApiError } from './errors.ts';
import { createHttp, defaultLimits, type Limits } from './http.ts';
import { cleanText, withoutKey } from './said.ts';
import type { ApiKey, TrainingApi, TrainingStatus } from './training-api.ts';
import { conclude } from './verdict.ts';
import { statusReply, type Progress } from './wire.ts';

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

/** The provider over HTTP. Keeps no state but connections, which do not keep the process alive. */
export function createTrainingApi(deps: TrainingApiDeps): TrainingApi {
  const http = createHttp({ ...defaultLimits, ...deps.limits }, deps.dispatcher);
  const clock = deps.clock ?? systemClock;
  const root = deps.baseUrl.replace(/\/+$/, '');
  const hosts = {
    root,
    v3: `${root}/v3`,
    v4: `${root}/v4`,
    v6: `${root}/v6`,
    sandbox: deps.sandboxUrl.replace(/\/+$/, ''),
  };

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
    start: (request, key, signal) => ask(startCall(request), key, signal),

    async status(training, key, signal) {
      const { answer, asked } = await send(statusCall(training), key, signal);
      if (answer.kind === 'accepted') return toStatus(read(statusReply, answer.body, asked), key);
      const end = endIn(answer, key);
      if (end === undefined) throw answer.error;
      return end;
    },

    async cancel(training, key, signal) {
      let missing: TrainingApiError | undefined;
      for (const call of cancelCalls(training)) {
        try {
          await ask(call, key, signal);
          return;
        } catch (error) {
          if (!isMissing(error)) throw error;
          // A refusal in words knows more than the page of a server that lacks the path.
          missing = missing?.kind === 'rejected' ? missing : error;
        }
      }
      if (missing) throw missing;
    },

    remove: (training, key, signal) => ask(removeCall(training), key, signal),

    list: (key, signal) => ask(listCall, key, signal),

    async upload(png, key, signal) {
      if (png.length > largestUploadBytes) throw tooLarge(png.length);
      return ask(uploadCall(png), key, signal);
    },

    wallet: (key, signal) => ask(walletCall, key, signal),

    baseModels: (key, signal) => ask(baseModelsCall, key, signal),

    reload: (training, key, signal) => ask(reloadCall(training), key, signal),

    draw: (request, key, signal) => ask(drawCall(request), key, signal),

    fetchPictures: (requestId, key, signal) => ask(fetchPicturesCall(requestId), key, signal),
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
