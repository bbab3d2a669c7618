import type { TrainingId } from '../../lib/ids.ts';
import { methods, type MethodId } from './methods.ts';
import { valueOf, type SettingId } from './settings.ts';
import type { Subject, TrainingRequest } from './training-api.ts';

/*
 * The wire form of every method: its host, its paths and its fields, in the provider's spelling (its answers are read
 * in wire.ts). Scalars travel as strings. Settings are sent even where they equal a default, because the
 * provider has changed its defaults before (base_model_type, crop).
 */

export interface Trainer {
  readonly host: 'v3' | 'v6' | 'sandbox';
  readonly startPath: string;
  readonly paths: TrainingPaths;
  readonly fields: (request: TrainingRequest) => Fields;
}

type Fields = Readonly<Record<string, unknown>>;

/** Paths of one training below its host. */
interface TrainingPaths {
  readonly status: (id: TrainingId) => string;
  /** To be tried in turn while the answer is 404. */
  readonly cancel: (id: TrainingId) => readonly { readonly path: string; readonly fields?: Fields }[];
  readonly remove: (id: TrainingId) => string;
}

const v3Paths: TrainingPaths = {
  status: (id) => `fine_tune_status/${encodeURIComponent(id)}`,
  // The misspelled one is what the provider's servers know; the other stands in a newer schema only.
  cancel: (id) => [
    { path: `cancle_training/${encodeURIComponent(id)}` },
    { path: `cancel_training/${encodeURIComponent(id)}` },
  ],
  remove: (id) => `finetune/delete/${encodeURIComponent(id)}`,
};

const v6Paths: TrainingPaths = {
  status: (id) => `trainer/status/${encodeURIComponent(id)}`,
  cancel: (id) => [{ path: 'trainer/stop', fields: { training_id: id } }],
  remove: v3Paths.remove,
};

export const trainers: Readonly<Record<MethodId, Trainer>> = {
  'lora-sdxl': { host: 'v3', startPath: 'lora_fine_tune', paths: v3Paths, fields: loraFields('sdxl') },
  'lora-sd15': { host: 'v3', startPath: 'lora_fine_tune', paths: v3Paths, fields: loraFields('normal') },
  dreambooth: { host: 'v3', startPath: 'fine_tune', paths: v3Paths, fields: dreamboothFields },
  'dreambooth-v2': { host: 'v3', startPath: 'fine_tune_v2', paths: v3Paths, fields: dreamboothV2Fields },
  flux: { host: 'v6', startPath: 'trainer/train', paths: v6Paths, fields: fluxFields },
  sandbox: { host: 'sandbox', startPath: 'fine_tune', paths: v3Paths, fields: sandboxFields },
};

function loraFields(baseModelType: 'normal' | 'sdxl'): Trainer['fields'] {
  return (request) => ({
    ...commonFields(request),
    max_train_steps: setting(request, 'steps'),
    base_model_type: baseModelType,
    lora_type: setting(request, 'network'),
    negative_prompt: setting(request, 'negativePrompt'),
    ...(request.wandbKey !== undefined && { wandb_key: request.wandbKey }),
  });
}

function dreamboothFields(request: TrainingRequest): Fields {
  return {
    ...commonFields(request),
    max_train_steps: setting(request, 'steps'),
    base_model_id: setting(request, 'baseModel'),
  };
}

function dreamboothV2Fields(request: TrainingRequest): Fields {
  return {
    ...commonFields(request),
    base_model_id: setting(request, 'baseModel'),
    learning_rate_unet: setting(request, 'unetRate'),
    steps_unet: setting(request, 'unetSteps'),
    learning_rate_text_encoder: setting(request, 'textEncoderRate'),
    steps_text_encoder: setting(request, 'textEncoderSteps'),
  };
}

function sandboxFields(request: TrainingRequest): Fields {
  return { ...commonFields(request), max_train_steps: setting(request, 'steps') };
}

function fluxFields(request: TrainingRequest): Fields {
  const method = methods[request.method];
  return {
    trainer_id: 'flux_lora_trainer',
    trigger_word: request.trigger,
    images: request.images,
    training_steps: valueOf(method, 'steps', { chosen: request, photoCount: request.images.length }),
    resolution: method.cropSize,
  };
}

/** Scalars travel as strings; null leaves the choice to the provider. */
function setting(request: TrainingRequest, id: SettingId): string | null {
  const value = valueOf(methods[request.method], id, { chosen: request, photoCount: request.images.length });
  return value === undefined ? null : String(value);
}

function commonFields({ subject, trigger, images, seed, webhook }: TrainingRequest): Fields {
  const wording = wordings[subject];
  return {
    instance_prompt: wording.instancePrompt(trigger),
    class_prompt: wording.classPrompt,
    training_type: wording.trainingType,
    images,
    // Ours are squares already.
    crop: 'false',
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
