/** How a model can be trained. The ids are the choices of `/train method`. */
export type MethodId = 'lora-sdxl' | 'lora-sd15' | 'dreambooth' | 'sandbox';

export interface Method {
  readonly id: MethodId;
  /** For people: `LoRA for SDXL`. */
  readonly label: string;
  /** What one training costs, in US dollars; 0 is free. */
  readonly priceUsd: number;
  /** Side of the crops, in pixels. */
  readonly cropSize: 512 | 1024;
  /** How many photos make a good model; fewer than `min` are refused. */
  readonly photos: { readonly min: number; readonly recommended: number };
  /** Training steps: the allowed range, and how many a photo gets when the member names no number. */
  readonly steps: { readonly min: number; readonly max: number; readonly perPhoto: number };
  /** Present when the member may choose one. */
  readonly baseModel?: { readonly byDefault: string };
  /** The stages in their usual order, in the provider's words; the last one means ready. */
  readonly stages: readonly string[];
  /** What the documents promise, in minutes. Not shown as an ETA: it only says when a training is overdue. */
  readonly usualMinutes: number;
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

export const methods: Readonly<Record<MethodId, Method>> = {
  'lora-sdxl': {
    id: 'lora-sdxl',
    label: 'LoRA for SDXL',
    priceUsd: 1,
    cropSize: 1024,
    photos: { min: 3, recommended: 7 },
    steps: { min: 10, max: 50, perPhoto: 2 },
    stages: v3Stages,
    usualMinutes: 45,
  },
  'lora-sd15': {
    id: 'lora-sd15',
    label: 'LoRA for SD 1.5',
    priceUsd: 1,
    cropSize: 512,
    photos: { min: 3, recommended: 7 },
    steps: { min: 10, max: 50, perPhoto: 2 },
    stages: v3Stages,
    usualMinutes: 45,
  },
  dreambooth: {
    id: 'dreambooth',
    label: 'Dreambooth',
    priceUsd: 3,
    cropSize: 512,
    photos: { min: 3, recommended: 7 },
    steps: { min: 1, max: 2000, perPhoto: 200 },
    baseModel: { byDefault: 'portraitplus-diffusion' },
    stages: dreamboothStages,
    usualMinutes: 45,
  },
  sandbox: {
    id: 'sandbox',
    label: 'Sandbox (for trying out)',
    priceUsd: 0,
    cropSize: 512,
    photos: { min: 3, recommended: 7 },
    steps: { min: 1, max: 2000, perPhoto: 200 },
    stages: dreamboothStages,
    usualMinutes: 45,
  },
};

export function isMethodId(text: string): text is MethodId {
  return Object.hasOwn(methods, text);
}

/** How many steps a training takes: as asked for, or by the number of photos; always within the method's range. */
export function stepsFor({ steps }: Method, photoCount: number, asked?: number): number {
  return Math.min(steps.max, Math.max(steps.min, asked ?? photoCount * steps.perPhoto));
}
