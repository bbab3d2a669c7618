import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import { createBreather } from '../../lib/breather.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { withoutEnd } from '../../lib/text.ts';
import { judge, unknownShape, type Asked } from './answer.ts';
import {
  baseModelsCall,
  cancelCalls,
  drawCall,
  fetchPicturesCalls,
  listCall,
  reloadCall,
  removeCalls,
  startCall,
  startCallInNewerWords,
  statusCall,
  uploadCall,
  walletCall,
  type Call,
  type Ways,
} from './calls.ts';
import { createHttp, defaultLimits, type Limits } from './http.ts';
import { cleanModel, cleanPictures, cleanStatus } from './sanitize.ts';
import { TrainingApiError } from './training-api-error.ts';
import type { ApiKey, BaseModel, TrainingApi } from './training-api.ts';

const largestUploadBytes = 5_000_000;

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
  const root = withoutEnd(deps.baseUrl, '/');
  const hosts = {
    root,
    v3: `${root}/v3`,
    v4: `${root}/v4`,
    v6: `${root}/v6`,
    sandbox: withoutEnd(deps.sandboxUrl, '/'),
  };

  async function ask<T>(call: Call<T>, { secret }: ApiKey, signal: AbortSignal): Promise<T> {
    const { doing, paid = false, listed, mayLeave } = call;
    const outgoing = {
      url: new URL(`${hosts[call.host]}/${call.path}`),
      // The key travels in the body, so a body is never logged and never put into an error.
      body: JSON.stringify({ ...call.fields, key: secret }),
      ...(listed && { listed }),
      mayLeave,
    };
    const exchange = paid ? await http.paid(outgoing, signal) : await http.free(outgoing, signal);
    const asked = { doing, paid, sent: call.fields, secrets: [secret, ...(call.secrets ?? [])], now: clock.now() };
    const answer = judge(exchange, asked);
    if (answer.kind === 'accepted') return read(call.reply, answer.body, asked);
    const end = call.endIn?.(answer);
    if (end === undefined) throw answer.error;
    return end;
  }

  /** The same call by other paths, until one of them is known. */
  async function askInTurn<T>([usual, other]: Ways<T>, key: ApiKey, signal: AbortSignal): Promise<T> {
    try {
      return await ask(usual, key, signal);
    } catch (error) {
      if (!other || !isMissing(error)) throw error;
      return ask(other, key, signal).catch((later: unknown) => {
        // A refusal in words knows more than the page of a server that lacks the path.
        throw isMissing(later) && error.kind === 'rejected' ? error : later;
      });
    }
  }

  return {
    async start(request, key, signal, mayLeave) {
      const otherwise = startCallInNewerWords(request);
      try {
        return await ask({ ...startCall(request), mayLeave }, key, signal);
      } catch (error) {
        // Refused for its words, it was not carried out: nothing can be charged twice.
        if (!otherwise || !isRefusedForWord(error)) throw error;
        return ask({ ...otherwise, mayLeave }, key, signal);
      }
    },

    status: async (training, key, signal) => cleanStatus(await ask(statusCall(training), key, signal), [key.secret]),

    cancel: (training, key, signal) => askInTurn(cancelCalls(training), key, signal),

    async remove(training, key, signal) {
      const calls = removeCalls(training);
      if (!calls) throw new TrainingApiError('rejected', 'Cannot delete the model: the provider offers no call for it');
      await askInTurn(calls, key, signal);
    },

    list: (key, signal) => ask(listCall, key, signal),

    async upload(png, key, signal) {
      if (png.length > largestUploadBytes) throw tooLarge(png.length);
      return ask(uploadCall(png), key, signal);
    },

    wallet: (key, signal) => ask(walletCall, key, signal),

    async baseModels(key, signal) {
      const models = await ask(baseModelsCall, key, signal);
      const breathe = createBreather();
      const clean: BaseModel[] = [];
      for (const model of models) {
        await breathe();
        clean.push(cleanModel(model, [key.secret]));
      }
      return clean;
    },

    reload: (training, key, signal) => ask(reloadCall(training), key, signal),

    draw: async (request, key, signal, mayLeave) =>
      cleanPictures(await ask({ ...drawCall(request), mayLeave }, key, signal), [key.secret]),

    fetchPictures: async (requestId, key, signal) =>
      cleanPictures(await askInTurn(fetchPicturesCalls(requestId), key, signal), [key.secret]),
  };
}

function read<T>(reply: z.ZodType<T>, body: unknown, asked: Asked): T {
  const { data, error } = reply.safeParse(body);
  if (error === undefined) return data;
  throw unknownShape(asked, error.issues[0]?.path.join('.') ?? '');
}

function isMissing(thrown: unknown): thrown is TrainingApiError {
  return thrown instanceof TrainingApiError && thrown.status === 404;
}

/** What is refused for another reason would be refused, or billed, a second time. */
function isRefusedForWord(thrown: unknown): boolean {
  if (!(thrown instanceof TrainingApiError) || thrown.kind !== 'rejected' || thrown.reason !== 'fields') return false;
  return thrown.fields.includes('training_type') || /\btraining[_ ]type\b/i.test(thrown.said ?? '');
}

function tooLarge(bytes: number): TrainingApiError {
  const message = `Cannot upload a picture: it has ${bytes} bytes, and at most ${largestUploadBytes} are taken`;
  return new TrainingApiError('rejected', message, { reason: 'fields' });
}
