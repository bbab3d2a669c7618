import type { Services } from '../../src/commands/command.ts';
import { UserError } from '../../src/lib/errors.ts';
import type { ChannelId, GuildId, MemberId } from '../../src/lib/ids.ts';
import type { GuildSettings } from '../../src/services/guilds/guild-settings.ts';
import type { KeyFacts } from '../../src/services/guilds/vault.ts';
import type { Comparison } from '../../src/services/jobs/desk/catalog.ts';
import type { Desk } from '../../src/services/jobs/desk/desk.ts';
import type { Review } from '../../src/services/jobs/review/review.ts';
import { isIn, type Job, type JobIn } from '../../src/services/jobs/state/job.ts';
import type { Usage } from '../../src/services/jobs/state/limits.ts';
import { foldName } from '../../src/services/jobs/store/rows.ts';
import type { BaseModel } from '../../src/services/modelslab/training-api.ts';
import { aReview } from '../services/threads/cards/review-builder.ts';

type Actor = Parameters<Desk['find']>[0];

export interface FakeServices extends Services {
  /** Calls that change something, in their order, such as `desk.start job1 3`. */
  readonly calls: string[];
}

export interface Given {
  readonly jobs?: readonly Job[];
  readonly review?: Review;
  readonly settings?: Partial<GuildSettings>;
  readonly key?: KeyFacts;
  readonly wandb?: KeyFacts;
  readonly baseModels?: readonly BaseModel[];
  readonly api?: Partial<Services['api']>;
  readonly desk?: Partial<Desk>;
  readonly usage?: Usage;
  readonly comparison?: Partial<Comparison>;
}

export const noUsage: Usage = {
  at: 0,
  member: { atOnce: 0, today: 0, thisMonth: 0 },
  server: { atOnce: 0, usd: 0, hourly: 0, rounds: 0 },
};

export const keyFacts: KeyFacts = { lastFour: 'k3y9', fingerprint: 'print1', setBy: 'ada' as MemberId, setAt: 0 };

/** One server whose desk has these jobs; every wish is granted and noted. */
export function fakeServices({
  jobs = [],
  review = aReview(),
  settings,
  key,
  wandb,
  baseModels,
  api,
  desk,
  comparison,
  usage = noUsage,
}: Given = {}): FakeServices {
  const calls: string[] = [];
  const stored: GuildSettings = {
    method: 'lora-sdxl',
    crop: 'attention',
    handOver: 'thread',
    threads: 'public',
    subjects: 'everything',
    roles: [],
    channels: [],
    plan: 'pay-as-you-go',
    ...settings,
  };
  const note = (...parts: readonly unknown[]) => {
    calls.push(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
  };
  const find = async (_actor: Actor, id: string): Promise<Job> => {
    const job = jobs.find((one) => one.id === id);
    if (!job) throw new UserError(`there is no job ${id}`);
    return Promise.resolve(job);
  };
  const granting =
    (name: string) =>
    async (actor: Actor, id: string, ...more: readonly unknown[]): Promise<Job> => {
      note(`desk.${name}`, id, ...more.filter((one) => !(one instanceof AbortSignal)));
      return find(actor, id);
    };
  const [first] = jobs;
  return {
    calls,
    desk: {
      find,
      list: async (_actor, states, { named, nameWith = '', most } = {}) => {
        const isMeant = ({ order: { name } }: Job) =>
          foldName(name).includes(foldName(nameWith)) && (named === undefined || foldName(name) === foldName(named));
        return Promise.resolve(jobs.filter((job) => isIn(job, ...states) && isMeant(job)).slice(0, most));
      },
      count: async (_actor, states) => Promise.resolve(jobs.filter((job) => isIn(job, ...states)).length),
      open: async (_actor, { order, sources }) => {
        note('desk.open', order, sources);
        return Promise.resolve(first!);
      },
      openForm: async (_actor, { order, sources }) => {
        note('desk.openForm', order, sources);
        return Promise.resolve(first!.id);
      },
      fillForm: granting('fillForm'),
      refresh: async (guildId) => {
        note('desk.lookAgain', guildId);
        return Promise.resolve();
      },
      usage: async () => Promise.resolve(usage),
      placeIn: async () => Promise.resolve(first!),
      addPhotos: granting('addPhotos'),
      removePhotos: granting('removePhotos'),
      adjustPhoto: granting('adjustPhoto'),
      viewPhoto: async (_actor, id, position) => {
        const job = jobs.find((one) => one.id === id);
        const photo = review.photos.find((one) => one.position === (position ?? 1));
        if (!job || !isIn(job, 'draft') || !photo)
          throw new Error(`there is no photo ${position ?? 1} of a draft ${id}`);
        return Promise.resolve({ job, photos: review.photos, photo, isCropping: false });
      },
      changeOrder: granting('changeOrder'),
      start: granting('start'),
      discard: granting('discard'),
      cancel: granting('cancel'),
      reopen: granting('reopen'),
      answer: granting('answer'),
      remove: granting('remove'),
      findDrawable: async (actor, id) => (await find(actor, id)) as JobIn<'ready'>,
      orderPictures: granting('orderPictures'),
      ...desk,
    },
    reviewer: { review: async () => Promise.resolve(review), usual: async () => Promise.resolve(undefined) },
    compareModels: async () => Promise.resolve({ isKnown: true, gone: new Set(), elsewhere: [], ...comparison }),
    settings: {
      get: async () => Promise.resolve(stored),
      change: async (_guildId, change) => {
        note('settings.change', change);
        return Promise.resolve({ ...stored, ...(change as Partial<GuildSettings>) });
      },
      forget: async () => Promise.resolve(),
    },
    vault: {
      keep: async (_guildId: GuildId, secret: string) => {
        note('vault.keep', secret);
        return Promise.resolve({ ...keyFacts, lastFour: secret.slice(-4) });
      },
      find: async () => Promise.resolve(key && { secret: 'a-secret-of-the-tests', fingerprint: key.fingerprint }),
      open: async () => Promise.resolve(key && { secret: 'a-secret-of-the-tests', fingerprint: key.fingerprint }),
      facts: async () => Promise.resolve(key),
      forget: async () => Promise.resolve(),
    },
    wandb: {
      keep: async (_guildId: GuildId, secret: string) => {
        note('wandb.keep', secret);
        return Promise.resolve({ ...keyFacts, lastFour: secret.slice(-4) });
      },
      open: async () => Promise.resolve(undefined),
      find: async () => Promise.resolve(undefined),
      facts: async () => Promise.resolve(wandb),
      forget: async () => {
        note('wandb.forget');
        return Promise.resolve();
      },
    },
    baseModels: { find: async () => Promise.resolve(baseModels) },
    forgetGuild: async (guildId) => {
      note('forgetGuild', guildId);
      return Promise.resolve();
    },
    memberEraser: {
      dataOf: async () => Promise.resolve({ orders: 2, photos: 1, underWay: 1, confirmations: 1 }),
      forget: async (memberId) => {
        note('memberEraser.forget', memberId);
        return Promise.resolve();
      },
    },
    api: {
      list: async () => Promise.resolve([]),
      wallet: async () => Promise.resolve({ balance: 43.6, currency: 'USD' }),
      ...api,
    },
    threads: {
      check: () => 'channel1' as ChannelId,
      open: async ({ name }) => {
        note('threads.open', name);
        return Promise.resolve({ threadId: 'thread1' as ChannelId });
      },
    },
    findAuthor: async () => Promise.resolve(undefined),
    secrets: {
      add: (secret) => {
        note('secrets.add', secret);
      },
      scrub: (text) => text,
    },
    log: { info: note.bind(undefined, 'log.info') } as unknown as Services['log'],
    signal: new AbortController().signal,
  };
}
