import { errorAnswer } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Call } from './call.ts';

/** Public base models, as `model_list` names them. The newer base names serve pictures only. */
const baseModels = [
  { model_id: 'portraitplus-diffusion', model_name: 'PortraitPlus', instance_prompt: 'portrait+ style' },
  { model_id: 'midjourney', model_name: 'Midjourney V4', instance_prompt: 'mdjrny-v4 style' },
  { model_id: 'realistic-vision-v51', model_name: 'Realistic Vision V5.1', instance_prompt: '' },
  { model_id: 'dream-shaper-8797', model_name: 'DreamShaper', instance_prompt: '' },
  { model_id: 'anything-v5', model_name: 'Anything V5', instance_prompt: '' },
  { model_id: 'sdxl', model_name: 'Stable Diffusion XL', instance_prompt: '' },
] as const;

/** The plain bases that go by these words stand in no list. */
const unlisted = ['normal', 'sd-1.5', 'flux'];

export function hasBaseModel(id: string): boolean {
  return unlisted.includes(id) || baseModels.some(({ model_id }) => model_id === id);
}

export function unknownModel(name: string): Answer {
  return errorAnswer(404, { message: `Model not found: ${name}` });
}

export const modelListCall: Call = {
  name: 'model_list',
  path: '/v4/dreambooth/model_list',
  isV3: false,
  answer: (_ask, { origin }) => ({
    http: 200,
    body: baseModels.map((model) => ({
      ...model,
      status: 'model_ready',
      created_at: '2023-02-14T10:21:45.000000Z',
      description: `${model.model_name}, a public base model`,
      screenshots: `${origin()}/generations/${model.model_id}.png`,
    })),
  }),
};
