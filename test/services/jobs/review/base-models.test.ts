import { expect, it } from 'vitest';
import { createBaseModels } from '../../../../src/services/jobs/review/base-models.ts';
import type { BaseModel } from '../../../../src/services/modelslab/training-api.ts';
import { heldClock } from '../held-clock.ts';
import { guildId, hour, key, minute, second } from '../job-builder.ts';
import { fakeVault, recordingLog } from '../job-world.ts';

const listed: readonly BaseModel[] = [{ id: 'midjourney', name: 'Midjourney V4' }];

function world(baseModels: () => Promise<readonly BaseModel[]>, opened: typeof key | undefined = key) {
  const clock = heldClock();
  const asked = { times: 0 };
  const api = {
    baseModels: async () => {
      asked.times += 1;
      return baseModels();
    },
  };
  const { signal } = new AbortController();
  const models = createBaseModels({ vault: fakeVault(opened), api, clock, log: recordingLog(), signal });
  return { models, clock, asked };
}

it('asks the provider once and keeps its list for hours', async () => {
  const { models, clock, asked } = world(async () => Promise.resolve(listed));
  expect(models.known(key.fingerprint)).toBeUndefined();
  expect(await models.find(guildId)).toEqual(listed);
  clock.pass(5 * hour);
  expect(await models.find(guildId)).toEqual(listed);
  expect(models.known(key.fingerprint)).toEqual(listed);
  expect(asked.times).toBe(1);
  clock.pass(2 * hour);
  await models.find(guildId);
  expect(asked.times).toBe(2);
});

it('does not let who types wait for a slow list, asks for it once, and has it later', async () => {
  const slow = Promise.withResolvers<readonly BaseModel[]>();
  const { models, clock, asked } = world(async () => slow.promise);
  const finding = [models.find(guildId), models.find(guildId)];
  await Promise.resolve();
  await new Promise(setImmediate);
  clock.pass(2 * second);
  expect(await Promise.all(finding)).toEqual([undefined, undefined]);
  slow.resolve(listed);
  expect(await models.find(guildId)).toEqual(listed);
  expect(asked.times).toBe(1);
});

it('knows no list after a failure, and leaves the provider alone for a minute', async () => {
  const { models, clock, asked } = world(async () => Promise.reject(new Error('no answer')));
  expect(await models.find(guildId)).toBeUndefined();
  expect(await models.find(guildId)).toBeUndefined();
  expect(asked.times).toBe(1);
  clock.pass(2 * minute);
  await models.find(guildId);
  expect(asked.times).toBe(2);
});

it('asks nothing for a server without a key', async () => {
  const { clock, asked } = world(async () => Promise.resolve(listed));
  const api = { baseModels: async () => Promise.reject(new Error('asked all the same')) };
  const { signal } = new AbortController();
  const models = createBaseModels({ vault: fakeVault(undefined), api, clock, log: recordingLog(), signal });
  expect(await models.find(guildId)).toBeUndefined();
  expect(asked.times).toBe(0);
});
