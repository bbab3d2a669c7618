import { randomBytes } from 'node:crypto';
import type { REST } from './services/threads/rest/discord-rest.ts';
import type { Services } from './commands/command.ts';
import type { Config } from './config.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { stopwatch } from './lib/stopwatch.ts';
import type { Redaction } from './lib/redaction.ts';
import type { Database } from './services/database/database.ts';
import { emptyLog } from './services/database/checkpoint.ts';
import { hasFreeSpace, leastBytes } from './services/database/free-space.ts';
import { createDepartures, type Departures } from './services/retention/departures.ts';
import { createForgetGuild, createMemberEraser } from './services/retention/forget.ts';
import { createKeyvAdapter } from './services/guilds/keyv-adapter.ts';
import type { MasterKey } from './services/guilds/master-keys.ts';
import { createSettingsStore } from './services/guilds/guild-settings.ts';
import { createStoredKeys } from './services/guilds/stored-keys.ts';
import { createVault } from './services/guilds/vault.ts';
import { createCompareModels } from './services/jobs/desk/catalog.ts';
import { createDesk } from './services/jobs/desk/desk.ts';
import { createBaseModels } from './services/jobs/review/base-models.ts';
import { findConsent } from './services/jobs/store/consents.ts';
import { createOpenForms } from './services/jobs/desk/open-forms.ts';
import { createPhotoStore } from './services/jobs/store/photo-store.ts';
import { createReviewer } from './services/jobs/review/reviewer.ts';
import type { PollerDeps } from './services/jobs/worker/poller.ts';
import { createTakeCall, createWebhookFactory, type TakeCall } from './services/jobs/worker/webhooks.ts';
import { createListEvidence } from './services/jobs/worker/list-evidence.ts';
import { createJobStore } from './services/jobs/store/job-store.ts';
import { createStoredData } from './services/retention/stored-data.ts';
import { createListSightings } from './services/jobs/store/list-sightings.ts';
import { makeUndeliveredDue } from './services/jobs/store/undelivered.ts';
import { withReadOnlyMode } from './services/jobs/store/read-only-mode.ts';
import { createJobCounts } from './services/jobs/store/job-counts.ts';
import { createWake } from './services/jobs/wake.ts';
import { createTrainingApi } from './services/modelslab/client.ts';
import type { Darkroom } from './services/photos/photo.ts';
import { createThreadAnnouncer } from './services/threads/thread-announcer.ts';
import { createMessages } from './services/threads/rest/messages.ts';
import { createFindAuthor } from './services/threads/rest/originals.ts';
import { createThreads } from './services/threads/threads.ts';
import type { Call, Metrics } from './services/web/metrics.ts';
import type { Pulse } from './services/web/web.ts';
import { instrumentApi, instrumentDarkroom } from './services/web/instrumented.ts';

/** What is there before the services are: all that is opened and has to be closed again. */
export interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly secrets: Redaction;
  readonly db: Database;
  /** At least one. The first encrypts, all decrypt. */
  readonly masterKeys: readonly MasterKey[];
  readonly rest: REST;
  readonly darkroom: Darkroom;
  readonly metrics: Metrics;
  readonly pulse: Pulse;
  /** Aborts when the program stops. */
  readonly signal: AbortSignal;
}

/** The ends that the program holds: who commands are answered with, and what runs by itself. */
export interface Wired {
  readonly services: Services;
  readonly poller: PollerDeps;
  readonly departures: Departures;
  readonly takeCall: TakeCall;
  /** Discord is back: what waited for it is due. */
  readonly takeUp: () => Promise<void>;
}

/** Makes the services, each with what it needs of the others. Nothing runs yet. */
export function wire(parts: Parts): Wired {
  const { config, clock, log, secrets, db, rest, signal } = parts;
  const { settings, vault, wandb, storedKeys } = wireKeyvStores(parts);
  const api = wireProvider(parts);
  const jobs = withReadOnlyMode({ jobs: createJobStore(db, clock, log), clock, log });
  parts.metrics.show(createJobCounts(db, jobs, clock));
  const photos = createPhotoStore(db);
  const baseModels = createBaseModels({ vault, api, clock, log, signal });
  const reviewer = createReviewer({
    jobs,
    photos,
    vault,
    settings,
    findConsent: (job) => findConsent(db, job),
    baseModels,
    clock,
  });
  const wake = createWake();
  const storedData = createStoredData(db, clock);
  const emptied = { emptyLog: () => emptyLog(db) };
  const forgetGuild = createForgetGuild({ jobs, settings, vault, wandb, ...emptied });
  const darkroom = instrumentDarkroom(parts.darkroom, parts.metrics);
  const announcer = createThreadAnnouncer({ messages: createMessages(rest, clock), darkroom, clock, log });
  const newToken = () => randomBytes(24).toString('base64url');
  const rhythm = { pollMs: config.pollMs, random: Math.random };
  const beat = () => {
    parts.pulse.beat();
  };

  const services: Services = {
    desk: createDesk({
      jobs,
      forms: createOpenForms(db, clock),
      photos,
      reviewer,
      settings,
      vault,
      wandb,
      api,
      clock,
      wake,
      // Twice, as SQLite's log holds them for a while as well.
      hasDiskFor: (bytes) => hasFreeSpace(config.databaseUrl, leastBytes + 2 * bytes),
    }),
    reviewer,
    compareModels: createCompareModels({ jobs, vault, api, clock }),
    settings,
    vault,
    wandb,
    baseModels,
    forgetGuild,
    memberEraser: createMemberEraser({ storedData, keys: storedKeys, ...emptied }),
    api,
    threads: createThreads(rest),
    findAuthor: createFindAuthor({ rest, clock }),
    secrets,
    log,
    signal,
  };
  const createWebhook = createWebhookFactory({ publicUrl: config.publicUrl, newToken });
  const listEvidence = createListEvidence({ sightings: createListSightings(db, clock), jobs, api, clock, rhythm, log });
  const tools = { announcer, darkroom, createWebhook, listEvidence, reviewer, clock, rhythm, wake, beat, log };
  return {
    services,
    poller: { jobs, photos, settings, vault, wandb, api, stopwatch, ...tools },
    departures: createDepartures({ db, jobs, storedData, forgetGuild, clock, wake, log }),
    takeUp: async () => {
      const count = await makeUndeliveredDue({ db, jobs, clock });
      if (count === 0) return;
      log.info({ count }, 'Discord is back: what waited for it is taken up');
      wake.now();
    },
    takeCall: createTakeCall({ jobs, clock, rhythm, wake, log }),
  };
}

/** Each gets a storage of its own: Keyv puts its namespace on it. */
function wireKeyvStores({ db, clock, masterKeys, secrets }: Parts) {
  const storage = () => createKeyvAdapter(db, clock);
  const vaultFor = (purpose: 'modelslab' | 'wandb') =>
    createVault({ purpose, storage: storage(), masterKeys, clock, secrets });
  return {
    settings: createSettingsStore({ storage: storage() }),
    vault: vaultFor('modelslab'),
    wandb: vaultFor('wandb'),
    storedKeys: (['modelslab', 'wandb'] as const).map((purpose) =>
      createStoredKeys({ purpose, storage: storage(), masterKeys }),
    ),
  };
}

function wireProvider({ config, clock, metrics }: Parts) {
  const provider = createTrainingApi({ baseUrl: config.modelslabUrl, sandboxUrl: config.sandboxUrl });
  const onCall = (call: Call) => {
    metrics.providerCalled(call);
  };
  return instrumentApi(provider, onCall, () => clock.steady());
}
