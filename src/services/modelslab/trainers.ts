import type { TrainingId } from '../../lib/ids.ts';
import { methods, stepsFor, type MethodId } from './methods.ts';
import type { Subject, TrainingRequest } from './training-api.ts';

/*
 * The wire form of every method: its host, its paths and its fields, in the provider's spelling (its answers are read
 * in wire.ts). Scalars travel as strings. Settings are sent even where they equal a default, because the
 * provider has changed its defaults before (base_model_type, crop).
 */

export interface Trainer {
  readonly host: 'v3' | 'sandbox';
  readonly startPath: string;
  readonly paths: TrainingPaths;
  readonly fields: (request: TrainingRequest) => Fields;
}

type Fields = Readonly<Record<string, unknown>>;

/** Paths of one training below its host. */
interface TrainingPaths {
  readonly status: (id: TrainingId) => string;
  /** To be tried in turn while the answer is 404. */
  readonly cancel: (id: TrainingId) => readonly [string, string];
  readonly remove: (id: TrainingId) => string;
}

const v3Paths: TrainingPaths = {
  status: (id) => `fine_tune_status/${encodeURIComponent(id)}`,
  // The misspelled one is what the provider's servers know; the other stands in a newer schema only.
  cancel: (id) => [`cancle_training/${encodeURIComponent(id)}`, `cancel_training/${encodeURIComponent(id)}`],
  remove: (id) => `finetune/delete/${encodeURIComponent(id)}`,
};

export const trainers: Readonly<Record<MethodId, Trainer>> = {
  'lora-sdxl': { host: 'v3', startPath: 'lora_fine_tune', paths: v3Paths, fields: loraFields('sdxl') },
  'lora-sd15': { host: 'v3', startPath: 'lora_fine_tune', paths: v3Paths, fields: loraFields('normal') },
  dreambooth: { host: 'v3', startPath: 'fine_tune', paths: v3Paths, fields: dreamboothFields },
  sandbox: { host: 'sandbox', startPath: 'fine_tune', paths: v3Paths, fields: commonFields },
};

const negativePrompt =
  'lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, worst quality, ' +
  'low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry';

function loraFields(baseModelType: 'normal' | 'sdxl'): Trainer['fields'] {
  return (request) => ({
    ...commonFields(request),
    base_model_type: baseModelType,
    lora_type: 'lora',
    negative_prompt: negativePrompt,
  });
}

function dreamboothFields(request: TrainingRequest): Fields {
  return {
    ...commonFields(request),
    base_model_id: request.baseModel ?? methods[request.method].baseModel?.byDefault,
  };
}

function commonFields({ method, subject, trigger, images, steps, seed, webhook }: TrainingRequest): Fields {
  const wording = wordings[subject];
  return {
    instance_prompt: wording.instancePrompt(trigger),
    class_prompt: wording.classPrompt,
    training_type: wording.trainingType,
    images,
    // Ours are squares already.
    crop: 'false',
    max_train_steps: String(stepsFor(methods[method], images.length, steps)),
    seed: String(seed ?? 0),
    webhook: webhook ?? null,
  };
}

interface Wording {
  readonly instancePrompt: (trigger: string) => string;
  readonly classPrompt: string;
  /** `null` is a word here: "anything that is no person". A newer schema says `women`; the servers know `female`. */
  readonly trainingType: 'men' | 'female' | 'couple' | 'null';
}

const wordings: Readonly<Record<Subject, Wording>> = {
  man: person('man', 'men'),
  woman: person('woman', 'female'),
  couple: person('couple', 'couple'),
  object: {
    instancePrompt: (trigger) => `photo of ${trigger} object`,
    classPrompt: 'photo of an object',
    trainingType: 'null',
  },
  style: {
    instancePrompt: (trigger) => `picture in ${trigger} style`,
    classPrompt: 'picture in any style',
    trainingType: 'null',
  },
};

function person(noun: string, trainingType: Wording['trainingType']): Wording {
  return {
    instancePrompt: (trigger) => `photo of ${trigger} ${noun}`,
    classPrompt: `photo of a ${noun}`,
    trainingType,
  };
}
