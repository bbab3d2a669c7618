import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startModelsLab, type ModelsLab } from '../../playground/modelslab/modelslab.ts';
import type { GuildId } from '../../src/lib/ids.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openDatabase } from '../../src/services/database/database.ts';
import { createJobStore } from '../../src/services/jobs/store/job-store.ts';
import { aJob, jobId, phaseOf, trainingId } from '../services/jobs/job-builder.ts';
import { startProviderMeter, type ProviderMeter } from './provider-meter.ts';
import { startStage, type Stage } from './stage.ts';
import { measuringStrain, strainOf } from './strain.ts';

const count = 1000;
/** What a killed process held is taken up after this long. */
const leaseMs = 20_000;
const log = { info: () => undefined, error: () => undefined };

let modelsLab: ModelsLab;
let meter: ProviderMeter;
let folder: string;
let stage: Stage;

beforeAll(async () => {
  modelsLab = await startModelsLab();
  meter = await startProviderMeter(modelsLab.url, 100);
  folder = await mkdtemp(join(tmpdir(), 'darkroom-thousand-'));
  stage = await startStage({
    environment: {
      ...measuringStrain,
      MODELSLAB_URL: meter.url,
      DATABASE_URL: `sqlite:${join(folder, 'darkroom.db')}`,
      POLL_SECONDS: '60',
    },
  });
});
afterAll(async () => {
  await stage.close();
  await Promise.all([meter.close(), modelsLab.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** A thousand trainings that run at the stand-in, and the rows of their orders: all due, and some held by a killed process. */
async function seed(): Promise<void> {
  const account = modelsLab.addAccount();
  const server = await stage.addServer({ key: false });
  await server.setKey(account.key);
  stage.keepSecret(account.key);
  await stage.restart('SIGKILL', async () => {
    const db = await openDatabase(`sqlite:${join(folder, 'darkroom.db')}`);
    const jobs = createJobStore(db, systemClock, log);
    const now = systemClock.now();
    for (let number = 0; number < count; number += 1) {
      const training = await modelsLab.addModel(account);
      delete training.ending;
      training.stage = 'training_started';
      const phase = { ...phaseOf(aJob('training'), 'training'), trainingId: trainingId(training.id), stageAt: now };
      await jobs.insert(
        aJob('training', {
          id: jobId(`job${number}`),
          guildId: server.guild.id as GuildId,
          phase,
          startedAt: now,
          touchedAt: now,
          nextAt: now,
          told: { place: 'nowhere', cropIds: [], news: [], failures: 0 },
        }),
      );
    }
    await jobs.claimDue(leaseMs, 64);
    await db.destroy();
  });
}

it('after a kill a thousand trainings are all asked about again, at most 16 at once, for half a lease of one core at the most', async () => {
  await seed();
  await strainOf(stage);
  const startedAt = performance.now();
  while (meter.askedAt.size < count) await pass(50);
  const strain = await strainOf(stage);
  const ms = [...meter.askedAt.values()].map((at) => at - startedAt).sort((a, b) => a - b);
  const at = (share: number) => `${((ms[Math.round(share * (ms.length - 1))] ?? 0) / 1000).toFixed(1)} s`;
  console.info(
    `${meter.askedAt.size} asked: half after ${at(0.5)}, 93 % after ${at(0.93)}, all after ${at(1)}; at once ${meter.mostAtOnce()}, per second ${meter.mostPerSecond()}, event loop ${strain.loopDelayMaxMs} ms, memory ${strain.memoryPeakMb} MB, ${strain.cpuMs} ms of a core`,
  );
  expect(meter.mostAtOnce()).toBeLessThanOrEqual(16);
  // Not the time on the clock: that is for the other programs of the machine to say.
  expect(strain.cpuMs).toBeLessThan(leaseMs / 2);
});
