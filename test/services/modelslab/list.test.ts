import { describe, expect, it } from 'vitest';
import { key, never, startProvider, startScripted } from './loopback-provider.ts';

const listing = (data: readonly unknown[]) => ({ json: { status: 'success', messege: 'model list', data } });

/** An account on which much was trained, as the provider may describe it: about 450 bytes each. */
const models = Array.from({ length: 40_000 }, (_, number) => ({
  model_id: `model${number}`,
  status: 'model_ready',
  created_at: '2026-01-01T12:00:00.000000Z',
  description: 'a woman in natural light, detailed, sharp focus '.repeat(7),
}));

describe('list', () => {
  it('names a training once that the provider lists twice', async () => {
    const provider = await startScripted(listing(['a1', { model_id: 'b2' }, 'a1', { training_id: 'b2' }]));
    expect(await provider.api().list(key, never)).toEqual(['a1', 'b2']);
  });

  it('takes in an account of tens of thousands of models', async () => {
    const provider = await startScripted(listing(models));
    const listed = await provider.api().list(key, never);
    expect([listed.length, listed[0], listed.at(-1)]).toEqual([40_000, 'model0', 'model39999']);
  });

  it('of a length that nobody can read is of an unknown shape: no later answer will be shorter', async () => {
    const provider = await startProvider((response) => {
      response.write('{"status":"success","data":["');
      const more = () => {
        while (response.write('x'.repeat(1_000_000)));
      };
      response.on('drain', more);
      more();
    });
    await expect(provider.api().list(key, never)).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('cut by the connection is asked for again later', async () => {
    const provider = await startProvider((response) => {
      response.write('{"status":"success","data":["a1"', () => response.destroy());
    });
    await expect(provider.api().list(key, never)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
