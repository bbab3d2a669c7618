import type { dialects } from './dialect.ts';
import { methods, type MethodId } from './methods.ts';
import { valueOf, type SettingId } from './settings.ts';
import type { Subject, TrainingRequest } from './training-api.ts';

/*
 * How each method is started: its host, its path and its fields, in the provider's spelling (answers are read in
 * replies.ts). In v3 scalars travel as strings. Settings are sent even where they equal a default, because the provider
 * has changed its defaults before (base_model_type, crop).
 */

export interface Trainer {
  readonly host: keyof typeof dialects;
  readonly startPath: string;
  readonly fields: (request: TrainingRequest) => Fields;
}

type Fields = Readonly<Record<string, unknown>>;

export const trainers: Readonly<Record<MethodId, Trainer>> = {
  'lora-sdxl': { host: 'v3', startPath: 'lora_fine_tune', fields: loraFields('sdxl') },
  'lora-sd15': { host: 'v3', startPath: 'lora_fine_tune', fields: loraFields('normal') },
  dreambooth: { host: 'v3', startPath: 'fine_tune', fields: dreamboothFields },
  'dreambooth-v2': { host: 'v3', startPath: 'fine_tune_v2', fields: dreamboothV2Fields },
  flux: { host: 'v6', startPath: 'trainer/train', fields: fluxFields },
  sandbox: { host: 'sandbox', startPath: 'fine_tune', fields: sandboxFields },
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

/** The newer trainer takes numbers as numbers. Its hf_username and hf_token publish the result: never sent. */
function fluxFields(request: TrainingRequest): Fields {
  const { trigger, images } = request;
  const method = methods.flux;
  return {
    trainer_id: 'flux_lora_trainer',
    trigger_word: trigger,
    images,
    training_steps: valueOf(method, 'steps', { chosen: request, photoCount: images.length }),
    resolution: method.cropSize,
  };
}

function commonFields(request: TrainingRequest): Fields {
  const { subject, trigger, images, webhook } = request;
  const wording = wordings[subject];
  return {
    instance_prompt: wording.instancePrompt(trigger),
    class_prompt: wording.classPrompt,
    training_type: wording.trainingType,
    images,
    // Ours are squares already.
    crop: 'false',
    // Null is the provider's word for a random one; left out, it would take "0".
    seed: setting(request, 'seed'),
    webhook: webhook ?? null,
  };
}

/** Null leaves the choice to the provider. */
function setting(request: TrainingRequest, id: SettingId): string | null {
  const value = valueOf(methods[request.method], id, { chosen: request, photoCount: request.images.length });
  return value === undefined ? null : String(value);
}

/** How the provider is told what the photos show. */
interface Wording {
  readonly instancePrompt: (trigger: string) => string;
  readonly classPrompt: string;
  /** `null` is a word here: "anything that is no person". */
  readonly trainingType: 'men' | 'female' | 'couple' | 'null';
}

/** What a newer schema says for a word that the servers are known to take. */
export const newerWords: Readonly<Partial<Record<string, string>>> = { female: 'women' };

export const wordings: Readonly<Record<Subject, Wording>> = {
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
