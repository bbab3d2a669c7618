import {
  DiscordAPIError,
  Options,
  SimpleIdentifyThrottler,
  SimpleShardingStrategy,
  WebSocketShardStatus,
  type RESTGetAPIGatewayBotResult,
  type WebSocketOptions,
} from 'discord.js';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { loginErrorText } from '../services/threads/rest/login-error.ts';

/*
 * discord.js gives up a login at the first trouble, and later connects again twice a second for ever. Here it waits instead,
 * in the three places where it lets somebody else decide: where the gateway is, when to connect, when to identify.
 */

export interface PatienceDeps {
  readonly clock: Pick<Clock, 'sleep' | 'steady'>;
  readonly random: () => number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  /** Called at the first answer that is not a refusal of the token, and when there is none at all. */
  readonly onAsked: () => void;
}

type Manager = Parameters<NonNullable<WebSocketOptions['buildStrategy']>>[0];

const second = 1000;
/** Asking where the gateway is costs nothing, and members wait. */
const asking = { baseMs: second, maxMs: 30 * second };
/** A bot gets new starts each day; who says something else may say otherwise in a while. */
const longestNamedMs = 3600 * second;
/** The first ones in a row at once, as after a network that broke for a moment. */
const connecting: Pace = { atOnce: 3, backoff: { baseMs: second, maxMs: 4 * second }, forgottenMs: 30 * second };
/** Discord resets the token of a bot that identifies more than a thousand times in a day. */
const identifying: Pace = {
  atOnce: 3,
  backoff: { baseMs: 5 * second, maxMs: 120 * second },
  forgottenMs: 600 * second,
};

export function patientGateway(deps: PatienceDeps): WebSocketOptions {
  const pauseToConnect = createPauses(connecting, deps);
  const pauseToIdentify = createPauses(identifying, deps);
  return {
    ...Options.createDefault().ws,
    buildStrategy: (manager) => {
      manager.fetchGatewayInformation = createQuestion(manager, deps);
      const strategy = new LastingStrategy(manager);
      const retrieve = manager.options.retrieveSessionInfo.bind(manager.options);
      // Asked for before a shard connects, and again at each message that it hears: those must not wait for one another.
      manager.options.retrieveSessionInfo = async (shard) => {
        const statuses = await strategy.fetchStatus();
        if (statuses.get(shard) === WebSocketShardStatus.Idle) await pauseToConnect.pass(shard, deps.signal);
        return retrieve(shard);
      };
      const update = manager.options.updateSessionInfo.bind(manager.options);
      manager.options.updateSessionInfo = (shard, session) => {
        if (session) pauseToConnect.forget(shard); // It heard something: the connection came about.
        return update(shard, session);
      };
      return strategy;
    },
    buildIdentifyThrottler: async (manager) => {
      const { session_start_limit } = await manager.fetchGatewayInformation();
      const throttler = new SimpleIdentifyThrottler(session_start_limit.max_concurrency);
      return {
        waitForIdentify: async (shard, closed) => {
          await pauseToIdentify.pass(shard, AbortSignal.any([closed, deps.signal]));
          closed.throwIfAborted();
          await throttler.waitForIdentify(shard, closed);
        },
      };
    },
  };
}

/** A shard whose first connection fails tries again by itself, and tells of a close that is final: the login need not fail. */
class LastingStrategy extends SimpleShardingStrategy {
  override async connect(): Promise<void> {
    await super.connect().catch(() => undefined);
  }
}

/** Where the gateway is: asks until Discord says so and takes one more connection. Rejects for a token that is not accepted. */
function createQuestion(manager: Manager, deps: PatienceDeps): Manager['fetchGatewayInformation'] {
  const ask = manager.fetchGatewayInformation.bind(manager);
  let known: RESTGetAPIGatewayBotResult | undefined;
  return async (isFresh = false) => {
    if (isFresh || !known) known = await askUntilAnswered(() => ask(true), deps);
    return known;
  };
}

async function askUntilAnswered(
  ask: () => Promise<RESTGetAPIGatewayBotResult>,
  { clock, random, log, signal, onAsked }: PatienceDeps,
): Promise<RESTGetAPIGatewayBotResult> {
  for (let failures = 0; ;) {
    signal.throwIfAborted();
    const { info, error } = await ask().then(
      (answer) => ({ info: answer, error: undefined }),
      (reason: unknown) => ({ info: undefined, error: reason }),
    );
    if (error instanceof DiscordAPIError && error.status === 401) throw error; // The border has made sure of it.
    onAsked();
    if (isUsable(info) && info.session_start_limit.remaining >= info.shards) {
      if (failures > 0) log.info('Discord answers: connecting');
      return info;
    }
    failures += 1;
    const why = isUsable(info) ? 'Discord takes no more connections of this bot for a while' : loginErrorText(error);
    const say = failures === 1 ? log.warn.bind(log) : log.debug.bind(log);
    say({ err: error, why }, 'Discord cannot be used yet: waiting, and trying again until it can');
    const pauseMs = backoffMs(asking, failures, random);
    const namedMs = isUsable(info) ? info.session_start_limit.reset_after : 0;
    await clock.sleep(pauseMs + Math.min(Math.max(0, namedMs), longestNamedMs), signal);
  }
}

/** Whatever stands at that address may answer: what is no gateway's is not connected to. */
function isUsable(info: RESTGetAPIGatewayBotResult | undefined): info is RESTGetAPIGatewayBotResult {
  const { url, shards, session_start_limit: limit } = (info ?? {}) as Partial<RESTGetAPIGatewayBotResult>;
  const numbers: unknown[] = [shards, limit?.remaining, limit?.reset_after, limit?.max_concurrency];
  const isAddress = typeof url === 'string' && /^wss?:$/.test(URL.parse(url)?.protocol ?? '');
  return isAddress && numbers.every((one) => Number.isFinite(one));
}

interface Pace {
  readonly atOnce: number;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** After so long without a try, the next one is the first again. */
  readonly forgottenMs: number;
}

interface Pauses {
  /** Resolves when it is time for the next try of a shard, or at once when the signal aborts. Never rejects. */
  pass(shard: number, signal: AbortSignal): Promise<void>;
  /** The next try is the first again. */
  forget(shard: number): void;
}

function createPauses(pace: Pace, { clock, random }: Pick<PatienceDeps, 'clock' | 'random'>): Pauses {
  const tries = new Map<number, { readonly count: number; readonly at: number }>();
  const pass = async (shard: number, signal: AbortSignal): Promise<void> => {
    const last = tries.get(shard);
    const isInRow = last !== undefined && clock.steady() - last.at < pace.forgottenMs;
    const count = isInRow ? last.count + 1 : 1;
    const pauseMs = count > pace.atOnce ? backoffMs(pace.backoff, count - pace.atOnce, random) : 0;
    if (pauseMs > 0) await clock.sleep(pauseMs, signal);
    if (!signal.aborted) tries.set(shard, { count, at: clock.steady() });
  };
  return { pass, forget: (shard) => tries.delete(shard) };
}
