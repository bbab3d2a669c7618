import { accountCalls } from './account-calls.ts';
import { createAccounts } from './accounts.ts';
import type { Account, AccountGiven } from './accounts.ts';
import { modelListCall } from './base-models.ts';
import { wallClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { createJournal } from './events.ts';
import type { LabEvents } from './events.ts';
import { createFaults } from './faults.ts';
import type { Fault, PlannedFault } from './faults.ts';
import { createFiles } from './files.ts';
import { createGate } from './gate.ts';
import { createLedger } from './ledger.ts';
import type { Charge } from './ledger.ts';
import { createOddities } from './oddities.ts';
import type { Oddities, OdditiesGiven } from './oddities.ts';
import type { CallName } from './call-names.ts';
import { unload } from './loading.ts';
import { pictureCalls } from './picture-calls.ts';
import { createPictureOrders } from './picture-orders.ts';
import type { Provider } from './provider.ts';
import { createStreams } from '../random.ts';
import { cancelTraining, enterStage, failTraining } from './runner.ts';
import { createServer } from './server.ts';
import type { RequestEntry } from './server.ts';
import { createPace } from './pace.ts';
import { bookTraining } from './start.ts';
import { startCalls } from './start-calls.ts';
import { trainerCalls } from './trainer-calls.ts';
import { trainingCalls } from './training-calls.ts';
import { createTrainings } from './trainings.ts';
import type { BookedTraining, Training } from './trainings.ts';
import { patienceMs } from '../patience.ts';

export interface ModelsLabOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** The same seed gives the same ids, faults and pictures. */
  readonly seed?: string | number;
  readonly clock?: Clock;
  /** From the start of a training to `model_ready`; 8 seconds unless given. */
  readonly trainingMs?: number;
  readonly oddities?: OdditiesGiven;
}

export interface ModelsLab {
  /** For `MODELSLAB_URL`: v3, v4 and v6 live below it. */
  readonly url: string;
  /** For `MODELSLAB_SANDBOX_URL`. */
  readonly sandboxUrl: string;
  addAccount(given?: AccountGiven): Account;
  /** A ready model that was not trained through anybody who watches. */
  addModel(account: Account): Promise<Training>;
  readonly trainings: readonly Training[];
  readonly ledger: readonly Charge[];
  readonly requests: readonly RequestEntry[];
  /** May be changed at any time; `course` holds for trainings that start afterwards. */
  readonly oddities: Oddities;
  /** The next answer to `call`, or to any of several, goes wrong this way. */
  next(call: CallName | readonly CallName[], fault: Fault): PlannedFault;
  /** How fast trainings go, those that run as well: 2 makes them twice as fast as `trainingMs`. 1 at the start. */
  setSpeed(speed: number): void;
  readonly events: LabEvents;
  /** Resolves once `predicate` holds, which is asked after each event; rejects after `withinMs` of real time, or when patience is over. */
  until(predicate: () => boolean, limit?: { readonly withinMs: number }): Promise<void>;
  /** Ends a running training with this reason. */
  fail(trainingId: string, text: string): void;
  /** Takes a running training out of its course and shows this stage; `model_ready` makes it ready. */
  move(trainingId: string, stage: string): Promise<void>;
  /** Its owner stops a running training, on the provider's own pages. */
  stop(trainingId: string): void;
  /** The model of a ready training is unloaded, as after a week without use. */
  idle(trainingId: string): void;
  close(): Promise<void>;
}

const calls = [...startCalls, ...trainingCalls, ...accountCalls, modelListCall, ...pictureCalls, ...trainerCalls];

/** The calls that may cost something. */
export const paidCalls: readonly CallName[] = calls.filter(({ isPaid }) => isPaid).map(({ name }) => name);

/** Starts a server on loopback that behaves like ModelsLab, as far as its documents and its clients tell. */
export async function startModelsLab(options: ModelsLabOptions = {}): Promise<ModelsLab> {
  const { seed = 1, clock = wallClock, trainingMs = 8_000, port = 0 } = options;
  const closing = new AbortController();
  const going = new Set<Promise<void>>();
  const pace = createPace(clock);
  const journal = createJournal(() => clock.now());
  const random = createStreams(seed);
  let address = '';
  const origin = (): string => address;
  const provider: Provider = {
    clock,
    pace,
    random,
    oddities: createOddities(options.oddities),
    accounts: createAccounts(random('accounts')),
    ledger: createLedger(journal, () => clock.now()),
    trainings: createTrainings(),
    pictures: createPictureOrders(clock),
    files: createFiles(origin),
    journal,
    trainingMs,
    origin,
    signal: closing.signal,
    background(work) {
      const done = work.finally(() => going.delete(done));
      going.add(done);
    },
  };
  const faults = createFaults(seed, provider.oddities);
  const requests: RequestEntry[] = [];
  const server = createServer({ calls, provider, faults, gate: createGate(provider), requests });
  address = await server.listen({ host: '127.0.0.1', port });

  return {
    ...drive(provider),
    url: `${origin()}/api`,
    sandboxUrl: `${origin()}/api/sandbox/v3`,
    requests,
    next: (call, fault) => faults.next(call, fault),
    setSpeed: (speed) => {
      pace.setSpeed(speed);
    },
    async close() {
      closing.abort();
      await server.close();
      await Promise.all(going);
      journal.end();
    },
  };
}

type Driven = Omit<ModelsLab, 'url' | 'sandboxUrl' | 'requests' | 'next' | 'setSpeed' | 'close'>;

/** What whoever drives the stand-in may see and do. */
function drive(provider: Provider): Driven {
  const { accounts, trainings, ledger, oddities, journal } = provider;

  function take(trainingId: string): BookedTraining {
    const training = trainings.find(trainingId);
    if (training === undefined) throw new Error(`Cannot drive training '${trainingId}': there is none`);
    if (training.ending !== undefined) throw new Error(`Cannot drive training '${trainingId}': it has ended`);
    training.course.abort();
    return training;
  }

  return {
    addAccount: (given) => accounts.add(given),
    async addModel(account) {
      const training = bookTraining({ account, fields: {}, method: 'lora' }, provider);
      await enterStage(training, 'model_ready', provider);
      return training;
    },
    trainings: trainings.all,
    ledger: ledger.charges,
    oddities,
    events: journal,
    async until(predicate, { withinMs } = { withinMs: patienceMs }) {
      const deadline = AbortSignal.timeout(withinMs);
      while (!predicate()) await journal.changed(deadline);
    },
    fail(trainingId, text) {
      failTraining(take(trainingId), text, provider);
    },
    stop(trainingId) {
      cancelTraining(take(trainingId), provider);
    },
    idle(trainingId) {
      const training = trainings.find(trainingId);
      if (training?.ending !== 'ready') throw new Error(`Cannot unload '${trainingId}': it is no model`);
      unload(training, provider.clock.now());
    },
    move: (trainingId, stage) => enterStage(take(trainingId), stage, provider),
  };
}
