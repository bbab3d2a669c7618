import { createSecretKey } from 'node:crypto';
import type { Interaction } from 'discord.js';
import type { Services } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/index.ts';
import { replyWithError } from '../../src/events/interactions.ts';
import { createRoute } from '../../src/events/route.ts';
import type { ChannelId, GuildId, MemberId } from '../../src/lib/ids.ts';
import { createRedaction } from '../../src/lib/redaction.ts';
import { createSettingsStore } from '../../src/services/guilds/guild-settings.ts';
import { createKeyvAdapter } from '../../src/services/guilds/keyv-adapter.ts';
import { createVault } from '../../src/services/guilds/vault.ts';
import { createCompareModels } from '../../src/services/jobs/desk/catalog.ts';
import { createDesk } from '../../src/services/jobs/desk/desk.ts';
import { createReviewer } from '../../src/services/jobs/review/reviewer.ts';
import type { State } from '../../src/services/jobs/state/job.ts';
import { createForgetGuild, createMemberEraser } from '../../src/services/retention/forget.ts';
import { createStoredData } from '../../src/services/retention/stored-data.ts';
import { fakeInteraction, type Asked, type FakeInteraction, type Kind } from '../commands/fake-interaction.ts';
import { fakeServices } from '../commands/fake-services.ts';
import { heldWake } from '../services/jobs/held-clock.ts';
import { aJob, jobId, order, ownerId, states } from '../services/jobs/job-builder.ts';
import { aPhoto, createJobWorld, type JobWorld } from '../services/jobs/job-world.ts';
import { recordingLog } from './recording-log.ts';

export const here = 'guild1' as GuildId;
export const there = 'guild2' as GuildId;
export const secretThere = 'a-secret-of-the-other-server-9x7z';

/** Who owns the orders: whoever asks in the tests, somebody else in the same server, somebody in another one. */
const owners = {
  own: { guildId: here, ownerId },
  hers: { guildId: here, ownerId: 'carol' as MemberId },
  there: { guildId: there, ownerId: 'zoe' as MemberId },
} as const;
export type Whose = keyof typeof owners;

export const idOf = (whose: Whose, state: State): string => `${whose}-${state}`;
/** Stands in names that others must not read. */
export const hidden = 'Hidden';

export interface TwoServers {
  readonly world: JobWorld;
  /** What somebody reads who is in the first server; `asked.isAdmin` makes an admin of them. */
  ask(kind: Kind, asked: Asked & Doing): Promise<FakeInteraction>;
  /** Everything that is stored, or what is of the other server. */
  stored(of?: 'everything' | 'there'): Promise<string>;
}

export interface Doing {
  readonly guildId?: string | null;
  readonly userId?: string;
  /** What else the interaction has. */
  readonly more?: object;
}

/** The real router, desk, settings and vaults on one database with two servers, each with an order in every state. */
export async function createTwoServers(): Promise<TwoServers> {
  const world = await createJobWorld();
  const services = await servicesOf(world);
  await services.vault.keep(here, 'a-secret-of-the-first-server-1a2b', 'ada' as MemberId);
  await services.vault.keep(there, secretThere, 'yan' as MemberId);
  await services.settings.change(there, { crop: 'entropy', channels: ['channel2' as ChannelId] });
  for (const whose of ['own', 'hers', 'there'] as const)
    for (const state of states) await addOrder(world, whose, state);

  const route = createRoute(commands, services);
  const { log } = recordingLog();
  return {
    world,
    ask: async (kind, { guildId = here, userId = ownerId, more, ...asked }) => {
      const interaction = Object.assign(fakeInteraction(kind, asked), { guildId, user: { id: userId } }, more);
      const as = interaction as unknown as Interaction;
      await route(as).catch((error: unknown) => replyWithError(as, error, log));
      return interaction;
    },
    stored: async (of = 'everything') => {
      const tables = ['jobs', 'photos', 'ledger', 'settings', 'confirmations', 'forms'] as const;
      const rows = await Promise.all(tables.map((table) => world.db.selectFrom(table).selectAll().execute()));
      const lines = rows.flat().map((row) => JSON.stringify(row));
      return lines.filter((line) => of === 'everything' || line.includes('there-') || line.includes(there)).join('\n');
    },
  };
}

async function addOrder({ jobs, photos }: JobWorld, whose: Whose, state: State): Promise<void> {
  const id = jobId(idOf(whose, state));
  const name = whose === 'own' ? `Mine ${state}` : `${hidden} ${whose} ${state}`;
  await jobs.insert(aJob(state, { id, ...owners[whose], order: { ...order, name } }));
  if (state === 'draft')
    for (const position of [1, 2, 3]) await photos.add(id, position, aPhoto(`${hidden}${position}.jpg`));
}

async function servicesOf(world: JobWorld): Promise<Services> {
  const { db, clock, jobs } = world;
  const storage = () => createKeyvAdapter(db, clock);
  const secrets = createRedaction();
  const masterKeys = [{ id: 'k1', secret: createSecretKey(Buffer.alloc(32, 1)) }];
  const settings = createSettingsStore({ storage: storage() });
  const vault = createVault({ purpose: 'modelslab', storage: storage(), masterKeys, clock, secrets });
  const wandb = createVault({ purpose: 'wandb', storage: storage(), masterKeys, clock, secrets });
  const all = { ...world, settings, vault, wandb };
  const reviewer = createReviewer(all);
  const emptyLog = async () => Promise.resolve();
  return Promise.resolve({
    ...fakeServices(),
    reviewer,
    desk: createDesk({ ...all, reviewer, wake: heldWake(clock) }),
    compareModels: createCompareModels(all),
    settings,
    vault,
    wandb,
    forgetGuild: createForgetGuild({ jobs, settings, vault, wandb, emptyLog }),
    memberEraser: createMemberEraser({ storedData: createStoredData(db, clock), keys: [], emptyLog }),
    api: world.api,
    secrets,
  });
}
