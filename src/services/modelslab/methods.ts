import type { Customizable, Setting } from './settings.ts';

/** How a model can be trained. The ids are the choices of `/train method`. */
export const methodIds = ['lora-sdxl', 'lora-sd15', 'dreambooth', 'dreambooth-v2', 'sandbox', 'flux'] as const;
export type MethodId = (typeof methodIds)[number];

export interface Method extends Customizable {
  readonly id: MethodId;
  /** For people: `LoRA for SDXL`. */
  readonly label: string;
  readonly price: Price;
  /** Side of the crops, in pixels. */
  readonly cropSize: 512 | 1024;
  /** How many photos make a good model; fewer than `min` are refused. */
  readonly photos: { readonly min: number; readonly recommended: number };
  /** The stages in their usual order, in the provider's words; the last one means ready. */
  readonly stages: readonly string[];
  /** What the documents promise, in minutes. Not shown as an ETA: it only says when a training is overdue. */
  readonly usualMinutes: number;
  readonly result: Result;
}

/** What the provider bills. It names no rate for an hour: its price page does. */
export type Price = { readonly per: 'training'; readonly usd: number } | { readonly per: 'hour' };

/** What a training leaves at the provider. */
export interface Result {
  /** A LoRA is used together with this base; absent for a model that is used by itself. */
  readonly addedTo?: { readonly id: string; readonly label: string };
  /** Whether `finetune_list` shows it and `finetune/delete` deletes it. */
  readonly isListed: boolean;
  /** Whether pictures can be made with it through the API. */
  readonly draws: boolean;
}

const v3Stages = [
  'deploying_gpu',
  'training_started',
  'training_success',
  'trained_model_uploading',
  'trained_model_uploaded',
  'deploying_model',
  'model_ready',
] as const;

const dreamboothStages = [...v3Stages.slice(0, 3), 'trained_model_compressing', ...v3Stages.slice(3)] as const;

const photos = { min: 3, recommended: 7 } as const;

const seed: Setting = { id: 'seed', kind: 'number', min: 0, max: 4_294_967_295 };
const baseModel: Setting = { id: 'baseModel', kind: 'model', byDefault: 'portraitplus-diffusion' };
const dreamboothSteps: Setting = { id: 'steps', kind: 'number', min: 1, max: 2000, perPhoto: 200 };

const loraSettings: readonly Setting[] = [
  { id: 'steps', kind: 'number', min: 10, max: 50, perPhoto: 2 },
  seed,
  { id: 'network', kind: 'choice', choices: ['lora', 'lycoris'], byDefault: 'lora' },
  {
    id: 'negativePrompt',
    kind: 'text',
    byDefault:
      'lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, worst ' +
      'quality, low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry',
  },
  { id: 'report', kind: 'choice', choices: ['no', 'yes'], byDefault: 'no' },
];

export const methods: Readonly<Record<MethodId, Method>> = {
  'lora-sdxl': {
    id: 'lora-sdxl',
    label: 'LoRA for SDXL',
    price: { per: 'training', usd: 1 },
    cropSize: 1024,
    photos,
    settings: loraSettings,
    stages: v3Stages,
    usualMinutes: 45,
    result: { addedTo: { id: 'sdxl', label: 'SDXL' }, isListed: true, draws: true },
  },
  'lora-sd15': {
    id: 'lora-sd15',
    label: 'LoRA for SD 1.5',
    price: { per: 'training', usd: 1 },
    cropSize: 512,
    photos,
    settings: loraSettings,
    stages: v3Stages,
    usualMinutes: 45,
    // The documents name no plain SD 1.5 to draw with; this is one of the bases of that kind that they do name.
    result: {
      addedTo: { id: 'portraitplus-diffusion', label: 'Stable Diffusion 1.5' },
      isListed: true,
      draws: true,
    },
  },
  dreambooth: {
    id: 'dreambooth',
    label: 'Dreambooth',
    price: { per: 'training', usd: 3 },
    cropSize: 512,
    photos,
    settings: [dreamboothSteps, baseModel, seed],
    stages: dreamboothStages,
    usualMinutes: 45,
    result: { isListed: true, draws: true },
  },
  'dreambooth-v2': {
    id: 'dreambooth-v2',
    label: 'Dreambooth v2',
    price: { per: 'training', usd: 3 },
    cropSize: 512,
    photos,
    settings: [
      baseModel,
      seed,
      { id: 'unetRate', kind: 'rate', byDefault: '1e-6' },
      { id: 'unetSteps', kind: 'number', min: 1, max: 2000, byDefault: 1500 },
      { id: 'textEncoderRate', kind: 'rate', byDefault: '1e-6' },
      { id: 'textEncoderSteps', kind: 'number', min: 1, max: 2000, byDefault: 350 },
    ],
    stages: dreamboothStages,
    usualMinutes: 45,
    result: { isListed: true, draws: true },
  },
  sandbox: {
    id: 'sandbox',
    label: 'Sandbox (for trying out)',
    price: { per: 'training', usd: 0 },
    cropSize: 512,
    photos,
    settings: [dreamboothSteps, seed],
    stages: dreamboothStages,
    usualMinutes: 45,
    result: { isListed: false, draws: false },
  },
  flux: {
    id: 'flux',
    label: 'LoRA for Flux',
    price: { per: 'hour' },
    cropSize: 1024,
    photos: { min: 3, recommended: 10 },
    settings: [{ id: 'steps', kind: 'number', min: 1, max: 4000, byDefault: 1000 }],
    stages: ['training_started', 'training_completed', 'model_ready'],
    usualMinutes: 90,
    result: { addedTo: { id: 'flux', label: 'Flux' }, isListed: false, draws: true },
  },
};

export function isMethodId(text: string): text is MethodId {
  return Object.hasOwn(methods, text);
}

/** Whether training this way costs nothing: twice costs nothing either. */
export function isFree({ price }: Method): boolean {
  return price.per === 'training' && price.usd === 0;
}

/** What a training costs, in dollars; null where it is not known beforehand: the price is by the hour, or another version's. */
export function usdOf(id: string): number | null {
  if (!isMethodId(id)) return null;
  const { price } = methods[id];
  return price.per === 'hour' ? null : price.usd;
}

const labels: Readonly<Record<string, string>> = {
  queued: 'In the queue',
  deploying_gpu: 'Waiting for a machine',
  training_started: 'Training',
  training_success: 'Training finished',
  training_completed: 'Loading the model',
  trained_model_compressing: 'Packing the model',
  trained_model_uploading: 'Storing the model',
  trained_model_uploaded: 'Storing the model',
  deploying_model: 'Loading the model',
  model_ready: 'Ready',
  training_failed: 'Failed',
};

/** A stage in plain words. One that is not known is shown as the provider writes it, without its underscores. */
export function stageLabel(stage: string): string {
  const label = Object.hasOwn(labels, stage) ? labels[stage] : undefined;
  if (label !== undefined) return label;
  const words = stage.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Position of a stage in the method's usual order; undefined for a stage that is not part of it. */
export function stageIndex(method: Method, stage: string): number | undefined {
  const index = method.stages.indexOf(stage);
  return index === -1 ? undefined : index;
}

/** What an account has booked at the provider. The ids are the choices of `/config plan`. */
export const planIds = ['pay-as-you-go', 'standard', 'premium'] as const;
export type PlanId = (typeof planIds)[number];

export interface Plan {
  readonly id: PlanId;
  /** For people: `Pay as you go`. */
  readonly label: string;
  /** How many requests of an account the provider queues, all calls together: one more is refused with a 429. */
  readonly slots: number;
}

export const plans: Readonly<Record<PlanId, Plan>> = {
  'pay-as-you-go': { id: 'pay-as-you-go', label: 'Pay as you go', slots: 5 },
  standard: { id: 'standard', label: 'Standard', slots: 10 },
  premium: { id: 'premium', label: 'Premium', slots: 15 },
};
