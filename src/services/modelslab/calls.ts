import type { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';
import { trainers, type Trainer } from './trainers.ts';
import type { TrainingRef, TrainingRequest, Wallet } from './training-api.ts';
import { doneReply, listReply, startReply, statusReply, uploadReply, walletReply, type Progress } from './wire.ts';

/** One call of the provider's: where it goes, what it carries besides the key, and how its answer is read. */
export interface Call<T> {
  /** Completes "Cannot …". */
  readonly doing: string;
  /** `root` lies above the versions of the API. */
  readonly host: Trainer['host'] | 'root';
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

/** The usual call, and the one for a server that answers the first with 404. */
export function cancelCalls({ method, trainingId }: TrainingRef): readonly [Call<undefined>, Call<undefined>] {
  const { host, paths } = trainers[method];
  const [path, otherPath] = paths.cancel(trainingId);
  const call = { doing: 'cancel the training', host, reply: doneReply };
  return [
    { ...call, path },
    { ...call, path: otherPath },
  ];
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
