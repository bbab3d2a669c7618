import { expect, it } from 'vitest';
import { createChannelBreaker } from '../../../../src/services/threads/rest/channel-breaker.ts';
import { RateLimitError } from '../../../../src/services/threads/rest/discord-rest.ts';

it('says of a limit how much of it is left, so that nobody waits for all of it twice', async () => {
  let now = 0;
  let calls = 0;
  const channels = createChannelBreaker({ steady: () => now });
  const where = { method: 'POST', url: '', route: '', hash: '', majorParameter: '', scope: 'user' } as const;
  const times = { retryAfter: 600_000, timeToReset: 0, limit: 5, sublimitTimeout: 0 };
  const ask = () =>
    channels.ask('send 1', () => {
      calls += 1;
      return Promise.reject(new RateLimitError({ ...where, ...times, global: false }));
    });
  await expect(ask()).rejects.toMatchObject({ retryAfter: 600_000 });
  now = 590_000;
  await expect(ask()).rejects.toBeInstanceOf(RateLimitError);
  await expect(ask()).rejects.toMatchObject({ retryAfter: 10_000, global: false, scope: 'user' });
  expect(calls).toBe(1);
});
