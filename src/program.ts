import { randomBytes } from 'node:crypto';
import { Client, Events, GatewayIntentBits, Status } from 'discord.js';
import { commands } from './commands/index.ts';
import type { Services } from './commands/command.ts';
import { loadConfig, type Config } from './config.ts';
import { watchGateway } from './events/gateway.ts';
import { runLooks, watchGuilds } from './events/guilds.ts';
import { answerInteractions } from './events/interactions.ts';
import { createRoute } from './events/route.ts';
import { throttled } from './events/throttle.ts';
import { messageOf } from './lib/errors.ts';
import type { JobId } from './lib/ids.ts';
import { createLogger, type Logger } from './lib/logger.ts';
import { createSecrets } from './lib/secrets.ts';
import { createSteadyClock } from './lib/steady-clock.ts';
import { createStop, stopOnSignals, type Stop } from './lib/stop.ts';
import { findBackupTime, forgetBackupTime } from './services/database/backup.ts';
import { canWrite, openDatabase, type Database } from './services/database/database.ts';
import { emptyLog } from './services/database/empty-log.ts';
import { hasFreeSpace } from './services/database/free-space.ts';
import { createDepartures, type Departures } from './services/guilds/departures.ts';
import { createGuildEraser } from './services/guilds/eraser.ts';
import { noteFirstKey } from './services/guilds/first-key.ts';
import { createKeyvAdapter } from './services/guilds/keyv-adapter.ts';
import { generatedFile, loadMasterKeys, type MasterKey } from './services/guilds/master-keys.ts';
import type { Purpose } from './services/guilds/seal.ts';
import { createMemberEraser } from './services/guilds/member-eraser.ts';
import { createSettingsStore } from './services/guilds/settings.ts';
import { createStoredKeys } from './services/guilds/stored-keys.ts';
import { createVault } from './services/guilds/vault.ts';
import { createBaseModels } from './services/jobs/drafts/base-models.ts';
import { createConfirmations } from './services/jobs/drafts/confirmations.ts';
import { createDeadlyFiles } from './services/jobs/drafts/deadly-files.ts';
import { createCatalogue } from './services/jobs/catalogue.ts';
import { createDesk } from './services/jobs/desk.ts';
import { createHints, type Hints } from './services/jobs/sending/hints.ts';
import { createKept } from './services/jobs/store/kept.ts';
import { createJobStore } from './services/jobs/store/job-store.ts';
import { createPhotoStore } from './services/jobs/drafts/photo-store.ts';
import { runPoller, type PollerDeps } from './services/jobs/poller.ts';
import { followSetBack, runClockWatch } from './services/jobs/redated.ts';
import { doubtRestored } from './services/jobs/restored.ts';
import { createReviewer } from './services/jobs/drafts/reviewer.ts';
import { createJobStanding } from './services/jobs/store/standing.ts';
import { createStandby } from './services/jobs/store/standby.ts';
import { createWake } from './services/jobs/wake.ts';
import { createWebhooks } from './services/jobs/sending/webhooks.ts';
import { createTrainingApi } from './services/modelslab/client.ts';
import { createDarkroom } from './services/photos/darkroom.ts';
import type { Darkroom } from './services/photos/photo.ts';
import { createAnnouncer } from './services/threads/announcer.ts';
import { createBorder, type Border } from './services/threads/border.ts';
import { createMessages } from './services/threads/messages.ts';
import { createOriginals } from './services/threads/originals.ts';
import { inviteLink } from './services/threads/permissions.ts';
import { createRegistration } from './services/threads/registration.ts';
import { restOptions } from './services/threads/rest-options.ts';
import { createThreads } from './services/threads/threads.ts';
import { createMetrics, type Call, type Metrics } from './services/web/metrics.ts';
import { createPulse, type Pulse } from './services/web/pulse.ts';
import { watchApi, watchDarkroom } from './services/web/watched.ts';
import { createWeb } from './services/web/web.ts';

const clock = createSteadyClock();

/** How long a stop waits for what is under way, above all for a paid request's verdict. */
const patienceMs = 9_000;
/** A stop ends after this long whatever happens: what is stored is enough to go on from. */
const stopMs = 9_900;

/** The composition root: reads the configuration, wires the services by hand, runs until told to stop. */
export async function run(): Promise<void> {
  const secrets = createSecrets();
  try {
    const config = loadConfig();
    secrets.add(config.discordToken);
    const log = createLogger({ level: config.logLevel, secrets });
    const write = (line: string) => void process.stderr.write(line);
    const stop = createStop({ log, write, exit: (exitCode) => process.exit(exitCode), longestMs: stopMs });
    stopOnSignals(stop, log);
    await start({ config, log, secrets, stop });
  } catch (error) {
    // One line for the operator: there is no log yet, or the log has told the details.
    process.stderr.write(`${secrets.scrub(messageOf(error))}\n`);
    process.exitCode = 1;
  }
}

interface Beginning {
  readonly config: Config;
  readonly log: Logger;
  readonly secrets: ReturnType<typeof createSecrets>;
  readonly stop: Stop;
}

async function start({ config, log, secrets, stop }: Beginning): Promise<void> {
  const masterKeys = await loadMasterKeys({
    keys: config.masterKeys,
    file: config.masterKeysFile,
    generatedFile,
  });
  if (masterKeys.areNew) {
    log.warn(`${generatedFile} was made: back it up; API keys that were stored with another one must be set again`);
  }
  const metrics = createMetrics();
  const db = await openDatabase(config.databaseUrl, () => {
    metrics.databaseFailed();
  });
  stop.atEnd(() => db.destroy());
  const redating = { jobs: createJobStore(db, clock, log), clock, log };
  await followSetBack(redating);
  await takeUpBackup(db, log);
  await checkStoredKeys(db, masterKeys.keys, log);
  const token = { isAccepted: true };
  const border = createBorder({
    clock,
    onAnswer: (status) => {
      metrics.discordAnswered(status);
    },
    onTokenLost: () => {
      token.isAccepted = false;
      stop.because(`Discord does not accept DISCORD_TOKEN: ${tokenAdvice}`);
    },
  });
  const client = createClient(config, border);
  const darkroom = createDarkroom({
    cdnOrigins: config.cdnOrigins,
    logger: log,
    onDecoderLost: () => {
      metrics.decoderLost();
    },
    deadlyFiles: createDeadlyFiles(db, clock),
  });
  stop.atEnd(() => darkroom.close());
  const pulse = createPulse(() => clock.steady());
  const { services, poller, hints, departures } = wire({
    config,
    log,
    secrets,
    db,
    client,
    darkroom: watchDarkroom(darkroom, metrics),
    masterKeys,
    metrics,
    pulse,
    signal: stop.signal,
  });

  const web = createWeb({
    host: config.host,
    port: config.port,
    clock,
    logger: log,
    takeHint: (jobId, token) => hints.take(jobId as JobId, token),
    pulse,
    metrics,
    checks: {
      running: () => !stop.signal.aborted,
      token: () => token.isAccepted,
      discord: () => isConnected(client),
      database: () => canWrite(db),
      disk: () => hasFreeSpace(config.databaseUrl),
    },
  });
  stop.atEnd(() => web.close());
  log.info({ address: await web.listen() }, 'health is answered');

  stop.atEnd(async () => {
    client.removeAllListeners(Events.ShardReconnecting); // What goes now is not lost.
    await client.destroy();
  });
  watchGateway(client, log, (reason) => {
    stop.because(reason);
  });
  const answering = answerInteractions(client, throttled(createRoute(commands, services), clock), log);
  const guilds = { client, departures, clock, log };
  watchGuilds(guilds);
  client.once(Events.ClientReady, (ready) => {
    void announceStart(ready, config, log);
    const looking = runLooks(guilds, stop.signal);
    stop.atEnd(() => withinPatience(looking, log));
  });
  // Ends of Discord's rate limits that were noted before would lie hours ahead.
  const onSetBack = () => {
    client.rest.handlers.clear();
    client.rest.globalReset = -1;
  };
  if (!(await login(client, config, { log, stop }))) return;
  const running = [runPoller(poller, stop.signal), runClockWatch({ ...redating, onSetBack }, stop.signal)];
  stop.atEnd(() => withinPatience(Promise.all([...running, answering.settled()]), log));
}

/** A copy that was made in another way than by "npm run backup" does not say so itself: its operator does, with `--restored`. */
async function takeUpBackup(db: Database, log: Logger): Promise<void> {
  const madeAt = await findBackupTime(db);
  if (madeAt === undefined && !process.argv.includes('--restored')) return;
  const inDoubt = await doubtRestored(createJobStore(db, clock, log), clock.now());
  await forgetBackupTime(db);
  log.warn(
    { inDoubt, ...(madeAt !== undefined && { madeAt: new Date(madeAt) }) },
    'restored from a backup: so many orders may have been sent since, and are not sent before their owners say so',
  );
}

/** Keys that cannot be read stay where they are: the master key that fits may come back. */
async function checkStoredKeys(db: Database, masterKeys: readonly MasterKey[], log: Logger): Promise<void> {
  const unreadable = (purpose: Purpose) =>
    createStoredKeys({ purpose, storage: createKeyvAdapter(db, clock), masterKeys }).countUnreadable();
  const [modelslab, wandb] = [await unreadable('modelslab'), await unreadable('wandb')];
  if (modelslab + wandb > 0) {
    log.error(
      { modelslab, wandb },
      'stored keys of so many servers cannot be decrypted: bring back the master keys that encrypted them and restart, or have them set again with /config key and /config wandb',
    );
  }
  await noteFirstKey(createKeyvAdapter(db, clock), masterKeys);
}

/** Of the client's own word, `isReady`, one learns only that it once was. */
function isConnected({ ws }: Client): boolean {
  return ws.shards.size > 0 && ws.shards.every(({ status }) => status === Status.Ready);
}

/** True when the bot is in; otherwise the program is about to end. */
async function login(
  client: Client,
  { discordToken }: Config,
  { log, stop }: Pick<Beginning, 'log' | 'stop'>,
): Promise<boolean> {
  try {
    await client.login(discordToken);
    return !stop.signal.aborted;
  } catch (error) {
    log.debug({ err: error }, 'the login failed');
    stop.because(loginText(error));
    return false;
  }
}

function createClient(config: Config, border: Border): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    enforceNonce: true,
    rest: restOptions(config.discordApiUrl, border),
  });
}

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly secrets: ReturnType<typeof createSecrets>;
  readonly db: Database;
  readonly client: Client;
  readonly darkroom: Darkroom;
  readonly masterKeys: Awaited<ReturnType<typeof loadMasterKeys>>;
  readonly metrics: Metrics;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
}

function wire({ config, log, secrets, db, client, darkroom, masterKeys, metrics, pulse, signal }: Parts): {
  services: Services;
  poller: PollerDeps;
  hints: Hints;
  departures: Departures;
} {
  const { rest } = client;
  const storage = () => createKeyvAdapter(db, clock);
  const settings = createSettingsStore({ storage: storage() });
  const keeping = { masterKeys: masterKeys.keys, clock, secrets };
  const vault = createVault({ purpose: 'modelslab', storage: storage(), ...keeping });
  const wandb = createVault({ purpose: 'wandb', storage: storage(), ...keeping });
  const provider = createTrainingApi({ baseUrl: config.modelslabUrl, sandboxUrl: config.sandboxUrl });
  const onCall = (call: Call) => {
    metrics.providerCalled(call);
  };
  const api = watchApi(provider, onCall, () => clock.steady());
  const jobs = createStandby({ jobs: createJobStore(db, clock, log), clock, log });
  metrics.show(createJobStanding(db, jobs, clock));
  const photos = createPhotoStore(db);
  const baseModels = createBaseModels({ vault, api, clock, log, signal });
  const confirmations = createConfirmations(db);
  const reviewer = createReviewer({ jobs, photos, vault, settings, confirmations, baseModels, clock });
  const wake = createWake();
  const desk = createDesk({ jobs, photos, reviewer, settings, vault, wandb, api, clock, wake });
  const announcer = createAnnouncer({ messages: createMessages(rest, clock), darkroom, clock, log });
  const newToken = () => randomBytes(24).toString('base64url');
  const webhooks = createWebhooks({ publicUrl: config.publicUrl, newToken });
  const eraser = createGuildEraser({ jobs, settings, vault, wandb, emptyLog: () => emptyLog(db) });
  const kept = createKept(db, clock);
  const departures = createDepartures({ db, jobs, kept, eraser, clock, wake, log });
  const rhythm = { pollMs: config.pollMs, random: Math.random };
  return {
    services: {
      desk,
      reviewer,
      catalogue: createCatalogue({ jobs, vault, api, clock }),
      settings,
      vault,
      wandb,
      baseModels,
      eraser,
      memberEraser: createMemberEraser({
        kept,
        keys: (['modelslab', 'wandb'] as const).map((purpose) =>
          createStoredKeys({ purpose, storage: storage(), masterKeys: masterKeys.keys }),
        ),
        emptyLog: () => emptyLog(db),
      }),
      api,
      threads: createThreads(rest),
      originals: createOriginals({ rest, clock }),
      secrets,
      log,
      signal,
    },
    poller: {
      jobs,
      photos,
      settings,
      vault,
      wandb,
      api,
      darkroom,
      announcer,
      reviewer,
      clock,
      rhythm,
      wake,
      beat: () => {
        pulse.beat();
      },
      webhooks,
      log,
    },
    departures,
    hints: createHints({ jobs, clock, rhythm, wake, log }),
  };
}

/** Registers the commands where none are, or when asked to, and says how to invite the bot. */
async function announceStart(client: Client<true>, config: Config, log: Logger): Promise<void> {
  const invite = inviteLink(client.application.id);
  log.info({ bot: client.user.tag, guilds: client.guilds.cache.size, invite }, 'ready; invite the bot with this link');
  try {
    const registration = createRegistration(client.rest, client.application.id, config.guildId);
    if (!process.argv.includes('--deploy') && (await registration.count()) > 0) return;
    const registered = await registration.replace(commands.flatMap(({ payload }) => payload ?? []));
    log.info({ registered }, 'commands registered');
  } catch (error) {
    log.error({ err: error }, 'the commands could not be registered: run "npm run deploy"');
  }
}

async function withinPatience(work: Promise<unknown>, log: Logger): Promise<void> {
  const ended = new AbortController();
  const late = clock.sleep(patienceMs, ended.signal).then(() => {
    if (!ended.signal.aborted) log.warn('something under way did not end in time: it is taken up at the next start');
  });
  await Promise.race([work, late]);
  ended.abort();
}

const tokenAdvice =
  'copy it again from discord.com/developers/applications → your application → Bot → Reset Token, and start again.';

function loginText(error: unknown): string {
  const isToken = error instanceof Error && 'code' in error && error.code === 'TokenInvalid';
  if (isToken || (error instanceof Error && 'status' in error && error.status === 401)) {
    return `Discord does not accept DISCORD_TOKEN: ${tokenAdvice}`;
  }
  return `Cannot start: Discord cannot be reached (${messageOf(error)}). Check the network and DISCORD_API_URL, then start again.`;
}
