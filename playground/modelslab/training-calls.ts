import { errorAnswer, Refusal, refusal, said } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Ask, Call } from './call.ts';
import { loadOf } from './loading.ts';
import type { Load } from './loading.ts';
import { writeLog } from './log.ts';
import type { Oddities } from './oddities.ts';
import type { Provider } from './provider.ts';
import { cancelTraining } from './runner.ts';
import type { BookedTraining } from './trainings.ts';

/** Sandbox, v3 and v6 trainings do not see each other. */
function getOwn({ account, id }: Ask, { trainings }: Provider, where: 'v3' | 'sandbox'): BookedTraining {
  const training = trainings.get(id, account);
  const home = training.method === 'sandbox' ? 'sandbox' : training.method === 'trainer' ? 'v6' : 'v3';
  if (home !== where) throw new Refusal(refusal('not-found'));
  return training;
}

function status(where: 'v3' | 'sandbox') {
  return (ask: Ask, provider: Provider): Answer => {
    const training = getOwn(ask, provider, where);
    const { oddities } = provider;
    if (training.ending === 'cancelled' && oddities.cancelled === 'not-found') return refusal('not-found');
    const body = {
      status: training.ending === 'failed' ? oddities.failedStatus : 'success',
      ...stageIn(oddities, stageToSay(training, provider)),
      data: writeLog(training, oddities.log),
      ...(oddities.testImage && training.testImage !== undefined && { test_image: training.testImage }),
    };
    return { http: 200, body };
  };
}

function stageToSay(training: BookedTraining, { oddities: { cancelled }, clock }: Provider): string {
  const { ending, stage } = training;
  if (ending === 'ready') return loadStages[loadOf(training, clock.now())];
  return ending === 'cancelled' && cancelled !== 'not-found' ? cancelled : stage;
}

/** No document has a word for an idle model; only that it is not ready. */
const loadStages: Readonly<Record<Load, string>> = {
  loaded: 'model_ready',
  loading: 'deploying_model',
  idle: 'model_unloaded',
};

function stageIn({ stageField }: Oddities, stage: string): Readonly<Record<string, string>> {
  if (stageField === 'messege') return { messege: stage };
  if (stageField === 'both') return { messege: stage, model_training_status: stage };
  return { messege: 'training status', [stageField]: stage };
}

function cancel(path: 'cancle_training' | 'cancel_training') {
  return (ask: Ask, provider: Provider): Answer => {
    if (!['both', path].includes(provider.oddities.cancelPath)) return noSuchPath;
    const training = getOwn(ask, provider, 'v3');
    if (training.ending !== undefined) return errorAnswer(400, { messege: 'Training has already finished' });
    cancelTraining(training, provider);
    return said({ messege: 'training cancelled', data: '' });
  };
}

/** A path that the router does not know is 404 whatever the oddities say. */
export const noSuchPath: Answer = {
  http: 404,
  body: '<!DOCTYPE html><html><head><title>Not Found</title></head><body>404 | Not Found</body></html>',
  type: 'text/html',
};

function remove(ask: Ask, provider: Provider): Answer {
  const training = getOwn(ask, provider, 'v3');
  training.deleted = true;
  training.course.abort();
  return said({ messege: 'model deleted', data: '' });
}

function list({ account }: Ask, { trainings, oddities, clock }: Provider): Answer {
  const own = trainings.all.filter(
    (training) =>
      training.account === account &&
      !training.deleted &&
      !['sandbox', 'trainer'].includes(training.method) &&
      (oddities.listShows === 'all' || training.ending === 'ready') &&
      clock.now() - training.startedAt >= oddities.listLagMs,
  );
  return said({ messege: 'model list', data: own.map((training, index) => listed(training, index, oddities.list)) });
}

function listed({ id, stage, startedAt }: BookedTraining, index: number, form: Oddities['list']): unknown {
  if (form === 'strings' || (form === 'mixed' && index % 2 === 0)) return id;
  return { model_id: id, status: stage, created_at: new Date(startedAt).toISOString() };
}

export const trainingCalls: readonly Call[] = [
  { name: 'fine_tune_status', path: '/v3/fine_tune_status/:id', isV3: true, answer: status('v3') },
  {
    name: 'sandbox/fine_tune_status',
    path: '/sandbox/v3/fine_tune_status/:id',
    isV3: true,
    answer: status('sandbox'),
  },
  { name: 'cancle_training', path: '/v3/cancle_training/:id', isV3: true, answer: cancel('cancle_training') },
  { name: 'cancel_training', path: '/v3/cancel_training/:id', isV3: true, answer: cancel('cancel_training') },
  { name: 'finetune/delete', path: '/v3/finetune/delete/:id', isV3: true, answer: remove },
  { name: 'finetune_list', path: '/v3/finetune_list', isV3: true, answer: list },
];
