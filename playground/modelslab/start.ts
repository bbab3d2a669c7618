import type { Account } from './accounts.ts';
import type { Fields } from './fields.ts';
import type { Provider } from './provider.ts';
import { randomUuid, randomWord } from '../random.ts';
import { runTraining } from './runner.ts';
import type { BookedTraining, TrainingMethod } from './trainings.ts';

export interface Start {
  readonly account: Account;
  readonly fields: Fields;
  readonly method: TrainingMethod;
  /** Charged at once; the newer trainer is charged at its end and gives 0 here. */
  readonly amount: number;
}

/** Accepts, charges, and sets going. Throws the refusal of an empty wallet. */
export function startTraining({ account, fields, method, amount }: Start, provider: Provider): BookedTraining {
  provider.ledger.demand(account, amount);
  const training = bookTraining({ account, fields, method }, provider);
  provider.journal.emit({ type: 'accepted', trainingId: training.id, method });
  provider.ledger.charge(account, { trainingId: training.id, amount, request: fields });
  provider.background(runTraining(training, provider));
  return training;
}

/** Enters a training in the books without running it. */
export function bookTraining(
  { account, fields, method }: Omit<Start, 'amount'>,
  { random, oddities, clock, pace, trainings }: Provider,
): BookedTraining {
  const training: BookedTraining = {
    id: method === 'trainer' ? randomUuid(random('trainings')) : randomWord(random('trainings'), oddities.idLength),
    method,
    account,
    request: fields,
    startedAt: clock.now(),
    begunAt: pace.now(),
    stage: method === 'trainer' ? 'training_started' : 'deploying_gpu',
    history: [],
    ahead: [],
    images: [],
    badLinks: [],
    deleted: false,
    course: new AbortController(),
  };
  trainings.add(training);
  return training;
}
