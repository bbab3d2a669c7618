import { onTestFinished } from 'vitest';
import { UserError } from '../../../src/lib/errors.ts';
import type { JobId, MemberId, MessageId } from '../../../src/lib/ids.ts';
import { createStopwatch, type Stopwatch } from '../../../src/lib/stopwatch.ts';
import { openDatabase, type Database } from '../../../src/services/database/database.ts';
import type { GuildSettings } from '../../../src/services/guilds/guild-settings.ts';
import type { Vault } from '../../../src/services/guilds/vault.ts';
import { createOpenForms, type OpenForms } from '../../../src/services/jobs/desk/open-forms.ts';
import type { BaseModels } from '../../../src/services/jobs/review/base-models.ts';
import { createReviewer, type Reviewer, type ReviewerDeps } from '../../../src/services/jobs/review/reviewer.ts';
import type { Job, State } from '../../../src/services/jobs/state/job.ts';
import type { Rhythm } from '../../../src/services/jobs/state/schedule.ts';
import { findConsent } from '../../../src/services/jobs/store/consents.ts';
import { createJobStore, type JobStore } from '../../../src/services/jobs/store/job-store.ts';
import { createListSightings, type ListSightings } from '../../../src/services/jobs/store/list-sightings.ts';
import { createPhotoStore, type PhotoStore } from '../../../src/services/jobs/store/photo-store.ts';
import type { Wake } from '../../../src/services/jobs/wake.ts';
import type { Announcer, NamedCrop } from '../../../src/services/jobs/worker/announcer.ts';
import { createListEvidence, type ListEvidence } from '../../../src/services/jobs/worker/list-evidence.ts';
import { createWebhookFactory, type CreateWebhook } from '../../../src/services/jobs/worker/webhooks.ts';
import type { WorkerContext } from '../../../src/services/jobs/worker/worker-context.ts';
import type { ApiKey, TrainingApi } from '../../../src/services/modelslab/training-api.ts';
import type { CropRecipe, Darkroom, Framing, PreparedPhoto } from '../../../src/services/photos/photo.ts';
import { heldClock, type HeldClock } from './held-clock.ts';
import { key, minute, noon, second, trainingId } from './job-builder.ts';

type Changeable<T> = { -readonly [K in keyof T]: T[K] };

/** The stores on a database in memory, and all that is outside replaced: `api.start = …` changes one answer. */
export interface JobWorld {
  readonly db: Database;
  readonly clock: HeldClock;
  readonly jobs: JobStore;
  readonly forms: OpenForms;
  readonly photos: PhotoStore;
  readonly findConsent: ReviewerDeps['findConsent'];
  readonly api: Changeable<TrainingApi>;
  readonly announcer: Changeable<Announcer>;
  readonly darkroom: Changeable<FakedDarkroom>;
  readonly vault: Changeable<Pick<Vault, 'open' | 'find' | 'facts'>>;
  readonly wandb: Changeable<Pick<Vault, 'open' | 'find' | 'facts'>>;
  readonly settings: { get(): Promise<GuildSettings> };
  readonly createWebhook: CreateWebhook;
  readonly sightings: ListSightings;
  readonly listEvidence: ListEvidence;
  readonly rhythm: Rhythm;
  readonly baseModels: Changeable<Pick<BaseModels, 'known'>>;
  readonly log: RecordingLog;
  /** One for each round of the poller's loop. */
  readonly beats: true[];
  readonly beat: () => void;
  readonly stopwatch: Stopwatch;
  readonly mayPay: () => boolean;
  readonly reviewer: Reviewer;
  readonly wake: Pick<Wake, 'now'>;
  readonly beside: WorkerContext['beside'];
  readonly apart: WorkerContext['apart'];
  /** Calls of everything that is outside, in their order, such as `start` or `postCrops 01-attention-1024.png`. */
  readonly calls: string[];
  /** What admins of the server chose. */
  readonly chosen: Changeable<Omit<GuildSettings, 'method' | 'crop' | 'threads'>>;
  /** The ledger's events of a job, in order. */
  ledger(id: Job['id']): Promise<readonly string[]>;
  stateOf(id: Job['id']): Promise<State | undefined>;
}

export interface RecordingLog {
  readonly lines: string[];
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** For one test: the database is closed when that is over, after its `afterEach`. */
export async function createJobWorld(): Promise<JobWorld> {
  const db = await openDatabase('sqlite::memory:');
  onTestFinished(() => db.destroy());
  const clock = heldClock();
  const log = recordingLog();
  const calls: string[] = [];
  const chosen: JobWorld['chosen'] = {
    handOver: 'thread',
    subjects: 'everything',
    roles: [],
    channels: [],
    plan: 'pay-as-you-go',
  };
  // That a job changes its state, which every test brings about, would stand between the lines that a test is about.
  const jobs = createJobStore(db, clock, { ...log, info: () => undefined });
  const beats: true[] = [];
  const sightings = createListSightings(db, clock);
  const rhythm = { pollMs: 30 * second, random: () => 0 };
  const api = fakeApi(calls);
  const world: Omit<JobWorld, 'reviewer'> = {
    db,
    clock,
    jobs,
    forms: createOpenForms(db, clock),
    photos: createPhotoStore(db),
    findConsent: (job) => findConsent(db, job),
    api,
    sightings,
    listEvidence: createListEvidence({ sightings, jobs, api, clock, rhythm, log }),
    announcer: fakeAnnouncer(calls),
    darkroom: fakeDarkroom(calls),
    vault: fakeVault(key),
    wandb: fakeVault(undefined),
    settings: {
      get: async () => Promise.resolve({ method: 'lora-sdxl', crop: 'attention', threads: 'public', ...chosen }),
    },
    createWebhook: createWebhookFactory({ publicUrl: undefined, newToken: () => '' }),
    baseModels: { known: () => undefined },
    rhythm,
    log,
    beats,
    beat: () => void beats.push(true),
    stopwatch: createStopwatch([() => clock.now()]),
    mayPay: () => true,
    wake: { now: () => undefined },
    beside: (work) => void work,
    apart: (_id, work) => work(),
    calls,
    chosen,
    ledger: async (id) => {
      const rows = await db.selectFrom('ledger').select('event').where('job_id', '=', id).orderBy('id').execute();
      return rows.map(({ event }) => event);
    },
    stateOf: async (id) => (await jobs.find(id))?.phase.state,
  };
  return { ...world, reviewer: createReviewer(world) };
}

/** As many as an order needs. */
export async function addThreePhotos(photos: Pick<PhotoStore, 'add'>, id: JobId): Promise<void> {
  for (const position of [1, 2, 3]) await photos.add(id, position, aPhoto(`${position}.jpg`));
}

export function recordingLog(): RecordingLog {
  const lines: string[] = [];
  const line = (level: string) => (_fields: object, text: string) => lines.push(`${level}: ${text}`);
  return { lines, info: line('info'), warn: line('warn'), error: line('error') };
}

export function fakeVault(opened: ApiKey | undefined): Pick<Vault, 'open' | 'find' | 'facts'> {
  const facts = { lastFour: 'ests', fingerprint: key.fingerprint, setBy: 'admin1' as MemberId, setAt: noon };
  const open = () => Promise.resolve(opened);
  return { open, find: open, facts: () => Promise.resolve(opened && facts) };
}

/** The master key was replaced: what was stored with the one before cannot be read any more. */
export const unreadableVault: Pick<Vault, 'open' | 'find'> = {
  open: () => Promise.reject(new UserError('The stored key cannot be read. Set it again with /config key.')),
  find: () => Promise.resolve(undefined),
};

/** A provider at which everything goes well. */
function fakeApi(calls: string[]): TrainingApi {
  return {
    start: () => done(calls, 'start', trainingId('t9')),
    status: () => done(calls, 'status', { stage: 'training_started', verdict: 'running' as const, log: [] }),
    cancel: () => done(calls, 'cancel', undefined),
    remove: () => done(calls, 'remove', undefined),
    list: () => done(calls, 'list', []),
    upload: (png) => done(calls, `upload ${png.toString()}`, `https://provider.test/${png.toString()}`),
    wallet: () => done(calls, 'wallet', { balance: 1, currency: 'USD' }),
    baseModels: () => done(calls, 'baseModels', []),
    reload: () => done(calls, 'reload', undefined),
    draw: () => done(calls, 'draw', { state: 'made' as const, links: ['https://provider.test/1.png'] }),
    fetchPictures: () => done(calls, 'fetchPictures', { state: 'made' as const, links: [] }),
  };
}

function fakeAnnouncer(calls: string[]): Announcer {
  const posted: (readonly NamedCrop[])[] = [];
  return {
    tell: ({ phase }) => done(calls, `tell ${phase.state}`, undefined),
    postCrops: (_job, crops) => {
      posted.push(crops);
      const messageId = `crops${posted.length}` as MessageId;
      return done(calls, `post ${namesOf(crops)}`, { messageId, links: linksTo(crops) });
    },
    cropLinks: () => done(calls, 'cropLinks', linksTo(posted.flat())),
  };
}

const namesOf = (crops: readonly NamedCrop[]) => crops.map(({ name }) => name).join(' ');

/** Where Discord would show a crop, for two hours from noon on. */
export function linkTo(name: string, lastsUntil = noon + 120 * minute): string {
  return `https://cdn.test/${name}?ex=${(lastsUntil / 1000).toString(16)}`;
}

function linksTo(crops: readonly NamedCrop[]): ReadonlyMap<string, string> {
  return new Map(crops.map(({ name }) => [name, linkTo(name)]));
}

/** Crops hold their own description instead of a picture. */
export function aPhoto(
  name: string,
  recipe: CropRecipe = { size: 1024, strategy: 'attention' },
  framing?: Framing,
): PreparedPhoto {
  const { dx = 0, dy = 0, zoomOut = 0 } = framing ?? {};
  const framed = framing ? ` moved ${dx},${dy},${zoomOut}` : '';
  const png = Buffer.from(`${name}@${recipe.strategy}-${recipe.size}${framed}`);
  return {
    name,
    verdict: { kind: 'good' },
    original: Buffer.from(`original of ${name}`),
    crop: { png, thumbnail: Buffer.from(`small ${name}`) },
    scene: { width: 2 * recipe.size, height: recipe.size, chosen: { left: 0, top: 0, side: recipe.size } },
    sha256: `sha-${name}`,
  };
}

type FakedDarkroom = Pick<Darkroom, 'for' | 'prepare' | 'unpack' | 'recrop'>;

/** An archive's link says what is in it: `https://cdn.test/?a.jpg,b.jpg`. */
function fakeDarkroom(calls: string[]): FakedDarkroom {
  const fake: FakedDarkroom = {
    for: () => fake as Darkroom,
    prepare: async (sources, recipe, onPhoto) => {
      await done(calls, ['prepare', ...sources.map(({ name }) => name)].join(' '), undefined);
      for (const [index, { name }] of sources.entries()) await onPhoto(index, aPhoto(name, recipe));
    },
    unpack: async ({ name, url }, recipe, { choose, onPhoto }) => {
      const pictures = new URL(url).search.slice(1).split(',');
      const chosen = await done(calls, `unpack ${name}`, choose(pictures));
      for (const index of chosen) await onPhoto(index, aPhoto(pictures[index]!, recipe));
      return [];
    },
    recrop: ({ name, framing }, recipe) => done(calls, `recrop ${name}`, aPhoto(name, recipe, framing)),
  };
  return fake;
}

function done<T>(calls: string[], call: string, answer: T): Promise<T> {
  calls.push(call);
  return Promise.resolve(answer);
}
