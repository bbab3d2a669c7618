import { expect, it } from 'vitest';
import { createRegistration } from '../../../../src/services/threads/rest/registration.ts';
import { createFakeRest } from './fake-rest.ts';

const payload = { name: 'train', description: 'Train a model' };
const registered = { ...payload, id: '1', application_id: '2', version: '3', type: 1 } as const;

it('registers everywhere, or in one server where that is wanted', async () => {
  const { rest, calls } = createFakeRest(() => ({ json: [payload] }));
  expect(await createRegistration(rest, 'app1', undefined).replace([payload])).toBe(1);
  expect(await createRegistration(rest, 'app1', 'guild1').replace([payload])).toBe(1);
  expect(calls).toMatchObject([
    { method: 'PUT', path: '/applications/app1/commands', body: [payload] },
    { method: 'PUT', path: '/applications/app1/guilds/guild1/commands', body: [payload] },
  ]);
});

it('knows the same commands from others, by one question', async () => {
  const { rest, calls } = createFakeRest(() => ({ json: [registered] }));
  const registration = createRegistration(rest, 'app1', undefined);
  expect(await registration.has([payload])).toBe(true);
  expect(calls).toMatchObject([{ method: 'GET', path: '/applications/app1/commands' }]);
  expect(await registration.has([{ ...payload, description: 'Train' }])).toBe(false);
  expect(await registration.has([payload, { ...payload, name: 'status' }])).toBe(false);
  expect(await registration.has([])).toBe(false);
});

it('knows nothing where Discord does not say, and passes on why', async () => {
  const { rest } = createFakeRest(() => ({ status: 403, json: { code: 50001, message: 'Missing Access' } }));
  await expect(createRegistration(rest, 'app1', 'guild1').has([payload])).rejects.toThrow('Missing Access');
});
