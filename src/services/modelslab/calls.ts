import type { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';
import type { Refused } from './answer.ts';
import type { Listed } from './condensed.ts';
import { dialects } from './dialect.ts';
import { methods } from './methods.ts';
import {
  aboutTraining,
  baseModelsReply,
  doneReply,
  listReply,
  picturesReply,
  uploadReply,
  walletReply,
} from './replies.ts';
import type { Conclusion } from './training-verdict.ts';
import { newerWords, trainers, wordings, type Trainer } from './trainers.ts';
import type { BaseModel, PictureRequest, Pictures, TrainingRef, TrainingRequest, Wallet } from './training-api.ts';

/** One call of the provider's: where it goes, what it carries besides the key, and how its answer is read. */
export interface Call<T> {
  /** Completes "Cannot …". */
  readonly doing: string;
  /** `root` lies above the versions of the API. */
  readonly host: Trainer['host'] | 'v4' | 'root';
  readonly path: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Those among the fields that must not be shown. */
  readonly secrets?: readonly string[];
  readonly paid?: boolean;
  /** Asked right before a paid request leaves. */
  readonly mayLeave?: (() => boolean) | undefined;
  /** Its answer is a list, and may be longer than those of other calls. */
  readonly listed?: Listed;
  readonly reply: z.ZodType<T>;
  /** What a refusal tells about the thing that was asked for; undefined when it is about the call itself. */
  readonly endIn?: (refused: Refused) => T | undefined;
}

/** The same call by other paths: the second is for where the answer to the first is 404. */
export type Ways<T> = readonly [usual: Call<T>, other?: Call<T>];

export function startCall(request: TrainingRequest): Call<TrainingId> {
  const { host, startPath, fields } = trainers[request.method];
  return {
    doing: 'start the training',
    host,
    path: startPath,
    fields: fields(request),
    ...(request.wandbKey !== undefined && { secrets: [request.wandbKey] }),
    paid: true,
    reply: dialects[host].startReply,
  };
}

/** The same in the words of a newer schema; undefined where it has no others. */
export function startCallInNewerWords(request: TrainingRequest): Call<TrainingId> | undefined {
  const call = startCall(request);
  const word = newerWords[wordings[request.subject].trainingType];
  if (word === undefined || call.fields?.['training_type'] === undefined) return undefined;
  return { ...call, fields: { ...call.fields, training_type: word } };
}

export function statusCall({ method, trainingId }: TrainingRef): Call<Conclusion> {
  const { host } = trainers[method];
  const { status, statusReply } = dialects[host];
  const reply = aboutTraining(trainingId).pipe(statusReply);
  return {
    doing: 'ask for the status',
    host,
    path: status(trainingId),
    reply,
    endIn: ({ body, error }) => {
      const { data } = reply.safeParse(body);
      if (data?.verdict === 'failed') return data;
      // "Your subscription was cancelled" is about the account.
      return data?.verdict === 'cancelled' && error.reason === 'other' ? data : undefined;
    },
  };
}

export function cancelCalls({ method, trainingId }: TrainingRef): Ways<undefined> {
  const { host } = trainers[method];
  const [usual, other] = dialects[host].cancel(trainingId);
  const call = { doing: 'cancel the training', host, reply: doneReply };
  return other
    ? [
        { ...call, ...usual },
        { ...call, ...other },
      ]
    : [{ ...call, ...usual }];
}

/** Undefined where the provider offers no such call. */
export function removeCalls({ method, trainingId }: TrainingRef): Ways<undefined> | undefined {
  const { host } = trainers[method];
  const paths = dialects[host].remove?.(trainingId);
  const call = { doing: 'delete the model', host, reply: doneReply };
  return (
    paths && [
      { ...call, path: paths[0] },
      { ...call, path: paths[1] },
    ]
  );
}

export const listCall: Call<readonly TrainingId[]> = {
  doing: 'list the models',
  host: 'v3',
  path: 'finetune_list',
  listed: 'trainings',
  reply: listReply,
};

export function uploadCall(png: Buffer): Call<string> {
  // Ours are squares already, and the provider would cut them down to 512.
  const fields = { image: `data:image/png;base64,${png.toString('base64')}`, crop: 'false' };
  return { doing: 'upload a picture', host: 'v3', path: 'base64_crop', fields, reply: uploadReply };
}

export const walletCall: Call<Wallet> = {
  doing: 'ask for the balance',
  host: 'root',
  path: 'wallet_balance',
  reply: walletReply,
};

export const baseModelsCall: Call<readonly BaseModel[]> = {
  doing: 'list the base models',
  host: 'v4',
  path: 'dreambooth/model_list',
  listed: 'base-models',
  reply: baseModelsReply,
};

export function reloadCall({ trainingId }: TrainingRef): Call<undefined> {
  const fields = { model_id: trainingId };
  return { doing: 'load the model', host: 'v4', path: 'dreambooth/model_reload', fields, reply: doneReply };
}

/** A call of v6, where numbers are numbers; the values lie within what all of its descriptions allow. */
export function drawCall({ method, trainingId, prompt, count }: PictureRequest): Call<Pictures> {
  const { cropSize, result } = methods[method];
  const model = result.addedTo
    ? { model_id: result.addedTo.id, lora_model: trainingId, lora_strength: 1 }
    : { model_id: trainingId };
  const fields = {
    ...model,
    prompt,
    width: cropSize,
    height: cropSize,
    samples: count,
    num_inference_steps: 20,
    guidance_scale: 7.5,
    safety_checker: true,
  };
  return { doing: 'make pictures', host: 'v6', path: 'images/text2img', fields, paid: true, ...picturesAnswer() };
}

/** The documents show both: the id at the end of the path, and in the body alone. */
export function fetchPicturesCalls(requestId: string): Ways<Pictures> {
  const fields = { request_id: requestId };
  const call = { doing: 'fetch the pictures', host: 'v6', fields, ...picturesAnswer(requestId) } as const;
  return [
    { ...call, path: `images/fetch/${encodeURIComponent(requestId)}` },
    { ...call, path: 'images/fetch' },
  ];
}

/** "failed" is what became of the pictures; "error" says that the call was refused. */
function picturesAnswer(requestId?: string): Pick<Call<Pictures>, 'reply' | 'endIn'> {
  const reply = picturesReply(requestId);
  return {
    reply,
    endIn: ({ body }) => {
      const { data } = reply.safeParse(body);
      return data?.state === 'failed' ? data : undefined;
    },
  };
}

/** What makes pictures with a model from anywhere else, for somebody's own program. */
export interface ReadyRequest {
  readonly url: string;
  /** JSON; a placeholder stands where the API key goes. */
  readonly body: string;
}

/** The request that this bot sends itself, to the provider's public address: a stand-in's would be of no use elsewhere. */
export function readyRequest(pictures: PictureRequest): ReadyRequest {
  const { host, path, fields } = drawCall(pictures);
  return {
    url: `https://modelslab.com/api/${host}/${path}`,
    body: JSON.stringify({ key: 'YOUR_API_KEY', ...fields }, undefined, 2),
  };
}
