import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JobCounts } from '../jobs/store/job-counts.ts';

export interface Call {
  readonly call: string;
  readonly outcome: string;
  readonly ms: number;
}

/** What those who watch the borders tell. No server, member or job is ever a label: there are too many, and they are private. */
export interface Metrics {
  /** From here on how things stand is read as well, at each reading. */
  show(standing: JobCounts): void;
  providerCalled(call: Call): void;
  /** Undefined when no answer came. */
  discordAnswered(status: number | undefined): void;
  photoJudged(verdict: string): void;
  decoderLost(): void;
  webhookCalled(isTaken: boolean): void;
  databaseFailed(): void;
  /** In Prometheus' text format. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function createMetrics(): Metrics {
  const own = new Registry();
  const registers = [own];
  collectDefaultMetrics({ register: own });

  const provider = new Histogram({
    name: 'darkroom_provider_call_duration_seconds',
    help: 'Calls to ModelsLab, by what was asked and how it ended',
    labelNames: ['call', 'outcome'],
    // A status takes a fraction of a second; a paid call may take the minute and a half that it is waited for.
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90],
    registers,
  });
  const discord = new Counter({
    name: 'darkroom_discord_requests_total',
    help: 'Requests to Discord, each try; of 401, 403 and 429 together Discord bears 10000 in ten minutes',
    labelNames: ['status'],
    registers,
  });
  const photos = new Counter({
    name: 'darkroom_photos_total',
    help: 'Photos that were looked at, by verdict',
    labelNames: ['verdict'],
    registers,
  });
  const decoder = new Counter({
    name: 'darkroom_decoder_restarts_total',
    help: 'Decoding processes that died of a photo, or were killed because one took too long',
    registers,
  });
  const webhooks = new Counter({
    name: 'darkroom_webhook_calls_total',
    help: 'Calls of ModelsLab, or of somebody else, by whether the token was right',
    labelNames: ['outcome'],
    registers,
  });
  const database = new Counter({
    name: 'darkroom_database_errors_total',
    help: 'Queries that failed',
    registers,
  });

  return {
    show: (standing) => {
      showStanding(standing, registers);
    },
    providerCalled: ({ call, outcome, ms }) => {
      provider.observe({ call, outcome }, ms / 1000);
    },
    discordAnswered: (status) => {
      discord.inc({ status: statusClass(status) });
    },
    photoJudged: (verdict) => {
      photos.inc({ verdict });
    },
    decoderLost: () => {
      decoder.inc();
    },
    webhookCalled: (isTaken) => {
      webhooks.inc({ outcome: isTaken ? 'taken' : 'refused' });
    },
    databaseFailed: () => {
      database.inc();
    },
    read: async () => ({ contentType: own.contentType, text: await own.metrics() }),
  };
}

function showStanding(standing: JobCounts, registers: Registry[]): void {
  const jobs = new Gauge({
    name: 'darkroom_jobs',
    help: 'Jobs, by state',
    labelNames: ['state'],
    registers,
    collect: () =>
      read(
        () => standing.jobsByState(),
        (counts) => {
          jobs.reset();
          for (const [state, count] of counts) jobs.set({ state }, count);
        },
      ),
  });
  const orders = new Counter({
    name: 'darkroom_ledger_events_total',
    help: 'What happened to money: intent is an order that was sent, charged one that was paid for',
    labelNames: ['event'],
    registers,
    collect: () =>
      read(
        () => standing.ledgerEvents(),
        (counts) => {
          orders.reset();
          for (const [event, count] of counts) orders.inc({ event }, count);
        },
      ),
  });
  const lateness = new Gauge({
    name: 'darkroom_poller_lag_seconds',
    help: 'For how long the job that is due longest has been waiting to be looked at',
    registers,
    collect: () =>
      read(
        () => standing.latenessMs(),
        (ms) => {
          lateness.set(ms / 1000);
        },
      ),
  });
}

/** A database that fails is told by its own counter: all the rest can still be read, as it was. */
async function read<T>(ask: () => Promise<T>, show: (answer: T) => void): Promise<void> {
  await ask().then(show, () => undefined);
}

function statusClass(status: number | undefined): string {
  if (status === undefined) return 'none';
  // Those that count towards a ban, one by one.
  return status === 401 || status === 403 || status === 429 ? String(status) : `${Math.floor(status / 100)}xx`;
}
