import type { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';
import { trainers, type Trainer } from './trainers.ts';
import { methods } from './methods.ts';
import type { BaseModel, PictureRequest, Pictures, TrainingRef, TrainingRequest, Wallet } from './training-api.ts';
import {
  baseModelsReply,
  doneReply,
  listReply,
  picturesReply,
  startReply,
  statusReply,
  uploadReply,
  walletReply,
  type Progress,
} from './wire.ts';

/** One call of the provider's: where it goes, what it carries besides the key, and how its answer is read. */
export interface Call<T> {
  /** Completes "Cannot …". */
  readonly doing: string;
  /** `root` lies above the versions of the API. */
  readonly host: Trainer['host'] | 'v4' | 'root';
  readonly path: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly paid?: boolean;
  readonly reply: z.ZodType<T>;
}

export function startCall(request: TrainingRequest): Call<TrainingId> {
  const { host, startPath, fields } = trainers[request.method];
  const doing = 'start the training';
  return { doing, host, path: startPath, fields: fields(request), paid: true, reply: startReply };
}

export function statusCall({ method, trainingId }: TrainingRef): Call<Progress> {
  const { host, paths } = trainers[method];
  return { doing: 'ask for the status', host, path: paths.status(trainingId), reply: statusReply };
}

/** To be tried in turn while the answer is 404. */
export function cancelCalls({ method, trainingId }: TrainingRef): readonly Call<undefined>[] {
  const { host, paths } = trainers[method];
  return paths.cancel(trainingId).map((way) => ({ doing: 'cancel the training', host, ...way, reply: doneReply }));
}

export function removeCall({ method, trainingId }: TrainingRef): Call<undefined> {
  const { host, paths } = trainers[method];
  return { doing: 'delete the model', host, path: paths.remove(trainingId), reply: doneReply };
}

export const listCall: Call<readonly TrainingId[]> = {
  doing: 'list the models',
  host: 'v3',
  path: 'finetune_list',
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
  reply: baseModelsReply,
};

export function reloadCall({ trainingId }: TrainingRef): Call<undefined> {
  const fields = { model_id: trainingId };
  return { doing: 'load the model', host: 'v4', path: 'dreambooth/model_reload', fields, reply: doneReply };
}

export function drawCall({ method, trainingId, prompt, count }: PictureRequest): Call<Pictures> {
  const base = methods[method].result.addedTo;
  const model = base ? { model_id: base.id, lora_model: trainingId, lora_strength: '0.8' } : { model_id: trainingId };
  const side = methods[method].cropSize;
  const fields = { ...model, prompt, width: side, height: side, samples: count, num_inference_steps: '31' };
  return { doing: 'make pictures', host: 'v6', path: 'images/text2img', fields, paid: true, reply: picturesReply };
}

export function fetchPicturesCall(requestId: string): Call<Pictures> {
  const path = `images/fetch/${encodeURIComponent(requestId)}`;
  return { doing: 'fetch the pictures', host: 'v6', path, fields: { request_id: requestId }, reply: picturesReply };
}
