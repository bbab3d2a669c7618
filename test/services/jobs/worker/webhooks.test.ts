import { describe, expect, it } from 'vitest';
import { createWebhookFactory, hashOf } from '../../../../src/services/jobs/worker/webhooks.ts';
import { jobId } from '../job-builder.ts';

const id = jobId('job1');
const create = (publicUrl: string | undefined) => createWebhookFactory({ publicUrl, newToken: () => 'token1' })(id);

describe('createWebhookFactory', () => {
  it.each([
    ['https://bot.test', 'https://bot.test/webhook/job1/token1'],
    ['https://bot.test/', 'https://bot.test/webhook/job1/token1'],
    ['https://bot.test/a/b', 'https://bot.test/a/b/webhook/job1/token1'],
    ['https://bot.test/a/b//', 'https://bot.test/a/b/webhook/job1/token1'],
  ])('puts the path below %s', (publicUrl, url) => {
    expect(create(publicUrl)?.url).toBe(url);
  });

  it('asks for no call when nobody can reach this program', () => {
    expect(create(undefined)).toBeUndefined();
  });

  it('keeps a digest that the token fits, and no other', () => {
    const { tokenHash } = create('https://bot.test')!;
    expect(tokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf('token1')).toBe(tokenHash);
    for (const other of ['token2', 'token', 'token11', '', tokenHash]) expect(hashOf(other)).not.toBe(tokenHash);
  });
});
