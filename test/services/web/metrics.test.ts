import { describe, expect, it } from 'vitest';
import type { JobCounts } from '../../../src/services/jobs/store/job-counts.ts';
import { TrainingApiError } from '../../../src/services/modelslab/training-api-error.ts';
import type { TrainingApi } from '../../../src/services/modelslab/training-api.ts';
import type { Darkroom, PreparedPhoto } from '../../../src/services/photos/photo.ts';
import { instrumentApi, instrumentDarkroom } from '../../../src/services/web/instrumented.ts';
import { createMetrics, type Call } from '../../../src/services/web/metrics.ts';
import { createPulse } from '../../../src/services/web/web.ts';

const standing: JobCounts = {
  jobsByState: () => Promise.resolve(new Map([['training', 2]])),
  ledgerEvents: () => Promise.resolve(new Map([['charged', 7]])),
  latenessMs: () => Promise.resolve(1500),
};

const linesOf = async (metrics: Pick<ReturnType<typeof createMetrics>, 'read'>) =>
  (await metrics.read()).text.split('\n').filter((line) => line.startsWith('darkroom_'));

describe('metrics', () => {
  it('show how things stand at the moment of reading', async () => {
    const metrics = createMetrics();
    metrics.show(standing);
    await metrics.read();
    expect(await linesOf(metrics)).toEqual(
      expect.arrayContaining([
        'darkroom_jobs{state="training"} 2',
        'darkroom_ledger_events_total{event="charged"} 7',
        'darkroom_poller_lag_seconds 1.5',
      ]),
    );
  });

  it('forget a state that no job is in any more', async () => {
    const metrics = createMetrics();
    const counts = [new Map([['draft', 1]]), new Map([['queued', 1]])];
    metrics.show({ ...standing, jobsByState: () => Promise.resolve(counts.shift()!) });
    await metrics.read();
    const jobs = (await linesOf(metrics)).filter((line) => line.startsWith('darkroom_jobs'));
    expect(jobs).toEqual(['darkroom_jobs{state="queued"} 1']);
  });

  it('can be read although the database cannot', async () => {
    const metrics = createMetrics();
    metrics.show({ ...standing, latenessMs: () => Promise.reject(new Error('disk full')) });
    metrics.databaseFailed();
    expect(await linesOf(metrics)).toEqual(expect.arrayContaining(['darkroom_database_errors_total 1']));
  });

  it('count what Discord bans for by its status, and all else by its class', async () => {
    const metrics = createMetrics();
    for (const status of [200, 204, 401, 403, 404, 429, 502, undefined]) metrics.discordAnswered(status);
    const counted = (await linesOf(metrics)).filter((line) => line.startsWith('darkroom_discord_requests_total'));
    expect(counted.map((line) => line.slice('darkroom_discord_requests_total'.length))).toEqual([
      '{status="2xx"} 2',
      '{status="401"} 1',
      '{status="403"} 1',
      '{status="4xx"} 1',
      '{status="429"} 1',
      '{status="5xx"} 1',
      '{status="none"} 1',
    ]);
  });

  it('have base units, names of this program, and no label for a server, a member or a job', async () => {
    const metrics = createMetrics();
    metrics.show(standing);
    metrics.providerCalled({ call: 'status', outcome: 'answered', ms: 1500 });
    metrics.photoJudged('good');
    metrics.webhookCalled(true);
    metrics.decoderLost();
    metrics.discordAnswered(200);
    const lines = await linesOf(metrics);
    expect(lines).toContain('darkroom_provider_call_duration_seconds_sum{call="status",outcome="answered"} 1.5');
    const labels = new Set(lines.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map(([, name]) => name)));
    expect([...labels].toSorted()).toEqual(['call', 'event', 'le', 'outcome', 'state', 'status', 'verdict']);
  });
});

describe('watchApi', () => {
  const time = { now: 0 };
  const watched = (method: () => Promise<unknown>) => {
    const calls: Call[] = [];
    const wallet = () => {
      time.now += 250;
      return method();
    };
    const api = instrumentApi(
      { wallet } as unknown as TrainingApi,
      (call) => calls.push(call),
      () => time.now,
    );
    return { calls, wallet: () => api.wallet({ secret: 'k', fingerprint: 'f' }, new AbortController().signal) };
  };

  it('gives the answer, and tells how long it took', async () => {
    const { calls, wallet } = watched(() => Promise.resolve({ balance: 3, currency: 'USD' }));
    await expect(wallet()).resolves.toEqual({ balance: 3, currency: 'USD' });
    expect(calls).toEqual([{ call: 'wallet', outcome: 'answered', ms: 250 }]);
  });

  it('rejects as the call does, and tells of which kind the error was', async () => {
    const error = new TrainingApiError('ambiguous', 'no answer');
    const { calls, wallet } = watched(() => Promise.reject(error));
    await expect(wallet()).rejects.toBe(error);
    expect(calls).toMatchObject([{ outcome: 'ambiguous' }]);
  });

  it('calls one given up that ends for no reason of the provider’s', async () => {
    const { calls, wallet } = watched(() => Promise.reject(new Error('stopping')));
    await expect(wallet()).rejects.toThrow('stopping');
    expect(calls).toMatchObject([{ outcome: 'given-up' }]);
  });
});

it('watchDarkroom tells every verdict before the photo is stored', async () => {
  const photos: readonly PreparedPhoto[] = [
    { name: 'a.jpg', verdict: { kind: 'good' } },
    { name: 'b.jpg', verdict: { kind: 'refused', reason: 'too small' } },
  ];
  const prepare: Darkroom['prepare'] = async (_sources, _recipe, onPhoto) => {
    for (const [index, photo] of photos.entries()) await onPhoto(index, photo);
  };
  const unpack: Darkroom['unpack'] = async (_archive, _recipe, picking) => {
    await picking.onPhoto(0, photos[0]!);
    return [];
  };
  const verdicts: string[] = [];
  const stored: string[] = [];
  const member = { prepare, unpack } as Darkroom;
  const watched = instrumentDarkroom({ for: () => member } as Partial<Darkroom> as Darkroom, {
    photoJudged: (kind) => verdicts.push(kind),
  });
  const darkroom = watched.for({ guildId: 'guild1', memberId: 'member1' });
  const onPhoto = async (_index: number, { name }: PreparedPhoto) => Promise.resolve(void stored.push(name));
  const recipe = { size: 512, strategy: 'attention' } as const;
  const { signal } = new AbortController();
  await darkroom.prepare([], recipe, onPhoto, signal);
  await darkroom.unpack(
    { name: 'c.zip', url: 'https://cdn.test/c.zip', sizeBytes: 1 },
    recipe,
    { choose: () => [0], onPhoto },
    signal,
  );
  expect(verdicts).toEqual(['good', 'refused', 'good']);
  expect(stored).toEqual(['a.jpg', 'b.jpg', 'a.jpg']);
});

it('a pulse is alive before its first beat, and not any more when the next one does not come', () => {
  const time = { now: 5_000_000 };
  const pulse = createPulse(() => time.now);
  expect(pulse.isAlive()).toBe(true);
  pulse.beat();
  time.now += 60_000;
  expect(pulse.isAlive()).toBe(true);
  time.now += 60_000;
  expect(pulse.isAlive()).toBe(false);
  pulse.beat();
  expect(pulse.isAlive()).toBe(true);
});
