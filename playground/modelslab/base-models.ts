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

interface ListedModel {
  readonly model_id: string;
  readonly model_name: string;
  readonly instance_prompt: string;
}

export const modelListCall: Call = {
  name: 'model_list',
  path: '/v4/dreambooth/model_list',
  isV3: false,
  answer: (_ask, { origin, oddities }) => {
    const list = baseModels.map((model) => entry(model, origin()));
    return { http: 200, body: oddities.baseModels === 'few' ? list : [...list, ...crowd(origin())] };
  },
};

function entry(model: ListedModel, origin: string) {
  return {
    ...model,
    status: 'model_ready',
    created_at: '2023-02-14T10:21:45.000000Z',
    description: `${model.model_name}, a public base model`,
    screenshots: `${origin}/generations/${model.model_id}.png`,
  };
}

const crowdSize = 5000;

/** What members of the provider have made public over the years. */
function crowd(origin: string): readonly unknown[] {
  const models = Array.from({ length: crowdSize }, (_, index) => {
    const name = `Public model ${index}`;
    const model = { model_id: `public-model-${index}`, model_name: name, instance_prompt: '' };
    return { ...entry(model, origin), description: `${name}. ${'Made of many pictures. '.repeat(20)}` };
  });
  return [...models, null, 'public-model-0', { model_name: 'Nameless' }, { ...models[0], model_name: 'Again' }];
}
