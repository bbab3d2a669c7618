import { expect, it } from 'vitest';
import { createRegistration } from '../../../../src/services/threads/rest/registration.ts';
import { createFakeRest } from './fake-rest.ts';

const payload = { name: 'train', description: 'Train a model' };

it('registers everywhere, or in one server where that is wanted', async () => {
  const { rest, calls } = createFakeRest(() => ({ json: [payload] }));
  expect(await createRegistration(rest, 'app1', undefined).replace([payload])).toBe(1);
  expect(await createRegistration(rest, 'app1', 'guild1').replace([payload])).toBe(1);
  expect(calls).toMatchObject([
    { method: 'PUT', path: '/applications/app1/commands', body: [payload] },
    { method: 'PUT', path: '/applications/app1/guilds/guild1/commands', body: [payload] },
  ]);
});

it('counts what is registered, so that a start need not register again', async () => {
  const { rest } = createFakeRest(() => ({ json: [payload, payload] }));
  expect(await createRegistration(rest, 'app1', undefined).count()).toBe(2);
});

it('counts none when Discord does not say, so that a start registers rather than leaving members without commands', async () => {
  const { rest } = createFakeRest(() => ({ status: 404, json: { code: 0, message: '404: Not Found' } }));
  expect(await createRegistration(rest, 'app1', undefined).count()).toBe(0);
});
