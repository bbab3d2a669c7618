import { Events } from 'discord.js';
import { commands } from './commands/index.ts';
import { loadConfig, type Config } from './config.ts';
import { createDiscord, type Discord } from './discord.ts';
import { watchGateway } from './events/gateway.ts';
import { runComparisons, watchGuilds } from './events/guilds.ts';
import { answerInteractions } from './events/interactions.ts';
import { announceStart, deployCommands } from './events/ready.ts';
import { createRoute } from './events/route.ts';
import { throttled } from './events/throttle.ts';
import { messageOf } from './lib/errors.ts';
import type { JobId } from './lib/ids.ts';
import { createLogger, type Logger } from './lib/logger.ts';
import { settlesInTime } from './lib/timeout.ts';
import { createRedaction, type Redaction } from './lib/redaction.ts';
import { createSteadyClock } from './lib/steady-clock.ts';
import { createShutdown, shutDownOnSignals, type Shutdown } from './lib/shutdown.ts';
import { canWrite, openDatabase, type Database } from './services/database/database.ts';
import { holdDatabase } from './services/database/sole-use.ts';
import { hasFreeSpace } from './services/database/free-space.ts';
import { checkStoredKeys } from './services/guilds/stored-keys.ts';
import { generatedFile, loadMasterKeys, type MasterKey } from './services/guilds/master-keys.ts';
import { createPoisonFiles } from './services/jobs/store/poison-files.ts';
import { runPoller } from './services/jobs/worker/poller.ts';
import { followSetBack, runClockWatch } from './services/jobs/recovery/clock-jump.ts';
import { takeUpBackup } from './services/jobs/recovery/restored-backup.ts';
import { createJobStore } from './services/jobs/store/job-store.ts';
import { createDarkroom } from './services/photos/darkroom.ts';
import type { Darkroom } from './services/photos/photo.ts';
import { runReachability } from './services/threads/rest/reachability.ts';
import { createMetrics, type Metrics } from './services/web/metrics.ts';
import { createPulse, type Pulse, createWeb } from './services/web/web.ts';
import { namedIn } from './services/modelslab/replies.ts';
import { wire, type Wired } from './wiring.ts';

const clock = createSteadyClock();

/** How long a stop waits for what is under way, above all for a paid request's verdict. */
const patienceMs = 9_000;
/** A stop ends after this long whatever happens: what is stored is enough to go on from. */
const stopMs = 9_900;

/** Whether the token is accepted is waited for this long before jobs move. */
const longestQuestionMs = 10_000;

/** Reads the configuration, then runs until told to stop. */
export async function run(): Promise<void> {
  const secrets = createRedaction();
  try {
    const config = loadConfig();
    secrets.add(config.discordToken);
    const log = createLogger({ level: config.logLevel, secrets });
    const write = (line: string) => void process.stderr.write(secrets.scrub(line));
    const stop = createShutdown({ log, write, exit: (exitCode) => process.exit(exitCode), longestMs: stopMs });
    shutDownOnSignals(stop, log);
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
  readonly secrets: Redaction;
  readonly stop: Shutdown;
}

/** Opens what is stored, wires the services, answers the web, and only then lets Discord in. */
async function start({ config, log, secrets, stop }: Beginning): Promise<void> {
  const onWait = () => {
    log.info('another process of this bot runs on the database: waiting for it to end');
  };
  const letGo = await holdDatabase({ url: config.databaseUrl, onWait }, stop.signal);
  if (!letGo) return;
  stop.atEnd(async () => {
    await Promise.resolve();
    letGo();
  });
  const masterKeys = await findMasterKeys(config, log);
  const metrics = createMetrics();
  const db = await openDatabase(config.databaseUrl, () => {
    metrics.databaseFailed();
  });
  stop.atEnd(() => db.destroy());
  await bringUpToDate(db, masterKeys, log);

  const discord = createDiscord({ config, clock, random: Math.random, metrics, log, stop });
  const darkroom = createDarkroom({
    cdnOrigins: config.cdnOrigins,
    clock,
    logger: log,
    onDecoderLost: () => {
      metrics.decoderLost();
    },
    poisonFiles: createPoisonFiles(db, clock),
  });
  stop.atEnd(() => darkroom.close());
  const pulse = createPulse(() => clock.steady());
  const { rest } = discord.client;
  const wired = wire({
    config,
    clock,
    log,
    secrets,
    db,
    masterKeys,
    rest,
    darkroom,
    metrics,
    pulse,
    signal: stop.signal,
  });
  const running = { config, log, stop, db, discord, darkroom, metrics, pulse, wired };
  await answerWeb(running);
  await goOnline(running);
}

interface Running extends Pick<Beginning, 'config' | 'log' | 'stop'> {
  readonly db: Database;
  readonly discord: Discord;
  readonly darkroom: Darkroom;
  readonly metrics: Metrics;
  readonly pulse: Pulse;
  readonly wired: Wired;
}

async function findMasterKeys(config: Config, log: Logger): Promise<readonly MasterKey[]> {
  const { keys, areNew } = await loadMasterKeys({
    keys: config.masterKeys,
    file: config.masterKeysFile,
    generatedFile,
  });
  if (areNew) {
    log.warn(`${generatedFile} was made: back it up; API keys that were stored with another one must be set again`);
  }
  return keys;
}

/** What happened while nothing ran: the clock was set back, a backup was restored, a master key was lost. */
async function bringUpToDate(db: Database, masterKeys: readonly MasterKey[], log: Logger): Promise<void> {
  const jobs = createJobStore(db, clock, log);
  await followSetBack({ jobs, clock, log });
  await takeUpBackup({ db, jobs, clock, log }, process.argv.includes('--restored'));
  await checkStoredKeys({ db, masterKeys, clock, log });
}

async function answerWeb({ config, log, stop, db, discord, darkroom, metrics, pulse, wired }: Running): Promise<void> {
  const web = createWeb({
    host: config.host,
    port: config.port,
    clock,
    logger: log,
    takeHint: (jobId, token, body) => wired.takeCall(jobId as JobId, token, namedIn(body)),
    pulse,
    metrics,
    checks: {
      running: () => !stop.signal.aborted,
      token: () => discord.isTokenAccepted(),
      discord: () => discord.isConnected(),
      database: () => canWrite(db),
      decoder: () => darkroom.isAble(),
      disk: () => hasFreeSpace(config.databaseUrl),
    },
  });
  stop.atEnd(() => web.close());
  log.info({ address: await web.listen() }, 'health is answered');
}

/** From the login on members are answered; jobs move meanwhile. */
async function goOnline({ config, log, stop, db, discord, wired }: Running): Promise<void> {
  const { client } = discord;
  const { services, departures, poller } = wired;
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
    announceStart(ready, log);
    const deploying = { guildId: config.guildId, isAsked: process.argv.includes('--deploy') };
    void deployCommands(deploying, { client: ready, clock, random: Math.random, log }, stop.signal);
    const looking = runComparisons(guilds, stop.signal);
    stop.atEnd(() => waitPatiently(looking, log));
  });
  const loggedIn = discord.login();
  // Not waited for at the end: its current call may never be answered.
  void runReachability({ reach: discord.reach, rest: client.rest, clock, onBack: wired.takeUp, log }, stop.signal);
  // What is under way needs no gateway: it goes on also when Discord is away, or takes its time to say so.
  await Promise.race([discord.asked, loggedIn, clock.sleep(longestQuestionMs, stop.signal)]);
  if (stop.signal.aborted) return;
  // Ends of Discord's rate limits that were noted before the clock was set back would lie hours ahead.
  const onSetBack = () => {
    client.rest.handlers.clear();
    client.rest.globalReset = -1;
  };
  const redating = { jobs: createJobStore(db, clock, log), clock, log, onSetBack };
  const running = [runPoller(poller, stop.signal), runClockWatch(redating, stop.signal)];
  stop.atEnd(() => waitPatiently(Promise.all([...running, answering.settled()]), log));
}

async function waitPatiently(work: Promise<unknown>, log: Logger): Promise<void> {
  if (await settlesInTime(work, { ms: patienceMs, clock })) return;
  log.warn('something under way did not end in time: it is taken up at the next start');
}
