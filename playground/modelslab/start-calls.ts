import { said } from './answers.ts';
import type { Answer } from './answers.ts';
import { hasBaseModel, unknownModel } from './base-models.ts';
import type { Ask, Call } from './call.ts';
import { demandFields, digits, learningRate, linkOrEmpty, links, oneOf, text, textOf } from './fields.ts';
import type { Form } from './fields.ts';
import { prices } from './ledger.ts';
import type { Oddities } from './oddities.ts';
import type { Provider } from './provider.ts';
import { startTraining } from './start.ts';
import type { TrainingMethod } from './trainings.ts';

function commonForm({ women }: Oddities): Form {
  const words = women === 'both' ? ['female', 'women'] : [women];
  return {
    instance_prompt: { check: text, required: true },
    class_prompt: { check: text, required: true },
    images: { check: links, required: true },
    training_type: { check: oneOf('men', 'couple', 'null', ...words), required: true },
    seed: { check: digits(0, 2 ** 32), nullable: true },
    webhook: { check: linkOrEmpty, nullable: true },
  };
}

const forms: Readonly<Record<Exclude<TrainingMethod, 'trainer'>, Form>> = {
  lora: {
    base_model_type: { check: oneOf('normal', 'sdxl') },
    negative_prompt: { check: text, nullable: true },
    lora_type: { check: oneOf('lora', 'lycoris') },
    max_train_steps: { check: digits(10, 50), required: true },
    wandb_key: { check: text, nullable: true },
  },
  dreambooth: {
    base_model_id: { check: text, required: true },
    max_train_steps: { check: digits(1, 2000), required: true },
  },
  'dreambooth-v2': {
    base_model_id: { check: text, required: true },
    learning_rate_unet: { check: learningRate, nullable: true },
    steps_unet: { check: digits(1, 10_000), nullable: true },
    learning_rate_text_encoder: { check: learningRate, nullable: true },
    steps_text_encoder: { check: digits(1, 10_000), nullable: true },
  },
  sandbox: { max_train_steps: { check: digits(1, 2000), required: true } },
};

const promises = { lora: 30, dreambooth: 25, 'dreambooth-v2': 25, sandbox: 25 } as const;

function start(method: keyof typeof forms, amount: number) {
  return ({ account, fields }: Ask, provider: Provider): Answer => {
    demandFields(fields, { ...commonForm(provider.oddities), ...forms[method] }, 'messege');
    if ('base_model_id' in forms[method] && !hasBaseModel(textOf(fields, 'base_model_id'))) {
      return unknownModel(textOf(fields, 'base_model_id'));
    }
    const { id } = startTraining({ account, fields, method, amount }, provider);
    const data = `it will take upto ${promises[method]} minutes.`;
    return said({ messege: 'deploying_gpu', data, ...idIn(provider.oddities, id) });
  };
}

function idIn({ idField }: Oddities, id: string): Readonly<Record<string, string>> {
  return idField === 'both' ? { training_id: id, model_id: id } : { [idField]: id };
}

export const startCalls: readonly Call[] = [
  { name: 'lora_fine_tune', path: '/v3/lora_fine_tune', isV3: true, isPaid: true, answer: start('lora', prices.lora) },
  {
    name: 'fine_tune',
    path: '/v3/fine_tune',
    isV3: true,
    isPaid: true,
    answer: start('dreambooth', prices.dreambooth),
  },
  {
    name: 'fine_tune_v2',
    path: '/v3/fine_tune_v2',
    isV3: true,
    isPaid: true,
    answer: start('dreambooth-v2', prices.dreambooth),
  },
  {
    name: 'sandbox/fine_tune',
    path: '/sandbox/v3/fine_tune',
    isV3: true,
    isPaid: true,
    answer: start('sandbox', prices.sandbox),
  },
];
