import { errorAnswer, said } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Ask, Call } from './call.ts';
import { demandFields, links, number, oneOf, text, textOf } from './fields.ts';
import type { Form } from './fields.ts';
import { prices } from './ledger.ts';
import { loadOf } from './loading.ts';
import type { Oddities } from './oddities.ts';
import type { Provider } from './provider.ts';
import { cancelTraining } from './runner.ts';
import { startTraining } from './start.ts';
import type { BookedTraining } from './trainings.ts';

const form: Form = {
  trainer_id: { check: oneOf('flux_lora_trainer', 'z-image-turbo-lora-trainer'), required: true },
  images: { check: links, required: true },
  trigger_word: { check: text, required: true },
  hf_username: { check: text, nullable: true },
  hf_token: { check: text, nullable: true },
  training_steps: { check: number(1, 10_000) },
  resolution: { check: number(256, 2048, 8) },
};

function train({ account, fields }: Ask, provider: Provider): Answer {
  demandFields(fields, form, 'message');
  // Billed by the hour at its end; an hour must be affordable before it begins.
  provider.ledger.demand(account, prices.trainerHour);
  const training = startTraining({ account, fields, method: 'trainer', amount: 0 }, provider);
  const data = { status: 'training_started', ...idIn('data', training.id, provider.oddities) };
  return said({ message: 'training_started', ...idIn('reply', training.id, provider.oddities), data });
}

function idIn(place: 'reply' | 'data', id: string, { trainerIdField }: Oddities): Readonly<Record<string, string>> {
  if (place === 'data') return trainerIdField === 'data.id' ? { id } : {};
  return trainerIdField === 'data.id' ? {} : { [trainerIdField]: id };
}

function status({ account, id }: Ask, provider: Provider): Answer {
  const training = findOwn(provider.trainings.find(id), account);
  if (training === undefined) return notFound;
  const { startedAt, endedAt, request } = training;
  const said6 = training.stage === 'inference_ready' ? 'training_completed' : training.stage;
  const data = {
    id,
    status: said6,
    trainer_id: request['trainer_id'],
    created_at: new Date(startedAt).toISOString(),
    completed_at: endedAt === undefined ? null : new Date(endedAt).toISOString(),
    response_dump: training.failure ?? null,
    inference: said6 === 'training_completed' ? inference(training, provider) : null,
  };
  return said({ message: said6, data });
}

/** How to use the result; a training that was stopped never gets that far. */
function inference(training: BookedTraining, { oddities, clock }: Provider): Readonly<Record<string, unknown>> {
  const { id, ending, request } = training;
  if (ending === 'cancelled') return { status: 'not_available' };
  if (ending === 'unusable' && oddities.inference === 'failed') return { status: 'failed' };
  if (ending !== 'ready') return { status: 'deploying' };
  const load = loadOf(training, clock.now());
  if (load !== 'loaded') return { status: load };
  const body = { model_id: 'flux', lora_model: id, lora_strength: '0.8', prompt: textOf(request, 'trigger_word') };
  return { status: 'ready', request: { method: 'POST', path: '/api/v6/images/text2img', body } };
}

function stop({ account, fields }: Ask, provider: Provider): Answer {
  demandFields(fields, { training_id: { check: text, required: true } }, 'message');
  const training = findOwn(provider.trainings.find(textOf(fields, 'training_id')), account);
  if (training === undefined) return notFound;
  if (training.stage !== 'training_started') return errorAnswer(400, { message: 'Training has already finished.' });
  cancelTraining(training, provider);
  return said({ message: 'training stopped' });
}

function findOwn(training: BookedTraining | undefined, account: Ask['account']): BookedTraining | undefined {
  return training?.method === 'trainer' && training.account === account ? training : undefined;
}

const notFound = errorAnswer(404, { message: 'Training request not found.' });

export const trainerCalls: readonly Call[] = [
  { name: 'trainer/train', path: '/v6/trainer/train', isV3: false, isPaid: true, answer: train },
  { name: 'trainer/status', path: '/v6/trainer/status/:id', isV3: false, answer: status },
  { name: 'trainer/stop', path: '/v6/trainer/stop', isV3: false, answer: stop },
];
