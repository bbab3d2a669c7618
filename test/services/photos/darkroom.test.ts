import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { createDarkroom } from '../../../src/services/photos/darkroom.ts';
import type { CropRecipe, Darkroom, PreparedPhoto } from '../../../src/services/photos/photo.ts';
import { startCdn, type Cdn } from './cdn.ts';
import { drawScene } from './draw.ts';

const never = new AbortController().signal;
const recipe: CropRecipe = { size: 512, strategy: 'attention' };

describe('createDarkroom', () => {
  let photo: Buffer;
  let cdn: Cdn;
  let darkroom: Darkroom;

  beforeAll(async () => {
    photo = await drawScene({ width: 1000, height: 800 }).jpeg().toBuffer();
  });
  beforeEach(async () => {
    cdn = await startCdn((request, response) => {
      if (request.url === '/gone') response.writeHead(404).end();
      else if (request.url === '/text') response.end('no picture at all');
      else response.end(photo);
    });
    darkroom = createDarkroom({ cdnOrigins: [cdn.origin] });
  });
  afterEach(async () => {
    await darkroom.close();
    await cdn[Symbol.asyncDispose]();
  });

  const source = (name: string) => ({ url: `${cdn.origin}/${name}`, name, sizeBytes: 1000 });

  async function prepare(...names: readonly string[]): Promise<PreparedPhoto[]> {
    const photos: PreparedPhoto[] = [];
    await darkroom.prepare(
      names.map(source),
      recipe,
      (index, prepared) => {
        photos[index] = prepared;
        return Promise.resolve();
      },
      never,
    );
    return photos;
  }

  it('gives each source its verdict, whatever the others are', async () => {
    const photos = await prepare('good', 'gone', 'text', 'fine');
    expect(photos.map(({ name, verdict }) => [name, verdict.kind])).toEqual([
      ['good', 'good'],
      ['gone', 'refused'],
      ['text', 'refused'],
      ['fine', 'good'],
    ]);
    expect(photos[0]).toMatchObject({
      original: photo,
      crop: { png: expect.any(Buffer), thumbnail: expect.any(Buffer) },
    });
    expect(photos[1]).not.toHaveProperty('original');
    expect(photos[2]).not.toHaveProperty('crop');
  });

  it('downloads three photos at a time', async () => {
    const asked = Promise.withResolvers<undefined>();
    const held: ServerResponse[] = [];
    await using slow = await startCdn((_, response) => {
      held.push(response);
      if (held.length === 3) asked.resolve(undefined);
    });
    const patient = createDarkroom({ cdnOrigins: [slow.origin] });
    const controller = new AbortController();
    const sources = Array.from({ length: 8 }, (_, index) => ({ ...source('a'), url: `${slow.origin}/${index}` }));
    const work = patient.prepare(sources, recipe, () => Promise.resolve(), controller.signal);
    await asked.promise;
    await turn();
    expect(held).toHaveLength(3);
    controller.abort(new Error('seen enough'));
    await expect(work).rejects.toThrow('seen enough');
    await patient.close();
  });

  it('passes a failed storing on when all other photos are stored', async () => {
    const stored: number[] = [];
    const onPhoto = (index: number) => {
      if (index === 0) return Promise.reject(new Error('disk full'));
      stored.push(index);
      return Promise.resolve();
    };
    const work = darkroom.prepare(['a', 'b', 'c'].map(source), recipe, onPhoto, never);
    await expect(work).rejects.toThrow('disk full');
    expect(stored.toSorted()).toEqual([1, 2]);
  });

  it('rejects when its signal aborts', async () => {
    const controller = new AbortController();
    const onPhoto = () => {
      controller.abort(new Error('discarded'));
      return Promise.resolve();
    };
    const work = darkroom.prepare(['a', 'b', 'c'].map(source), recipe, onPhoto, controller.signal);
    await expect(work).rejects.toThrow('discarded');
  });

  it('cuts another crop from the bytes that it handed over', async () => {
    const [first] = await prepare('good');
    const original = { name: 'good', original: first!.original! };
    const again = await darkroom.recrop(original, { size: 256, strategy: 'centre' }, never);
    expect(again).toMatchObject({ name: 'good', verdict: { kind: 'good' }, sha256: first!.sha256 });
    expect(again.crop!.png.equals(first!.crop!.png)).toBe(false);
  });

  it('draws the contact sheet in the process that has no SVG and no font', async () => {
    const [first] = await prepare('good');
    const { thumbnail } = first!.crop!;
    const sheet = await darkroom.contactSheet([{ number: 1, verdict: { kind: 'good' }, thumbnail }], never);
    expect(sheet.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  });

  it('refuses photos that take too long, each for itself', async () => {
    const hasty = createDarkroom({ cdnOrigins: [cdn.origin], limits: { decodeMs: 1 } });
    const reasons = await Promise.all(
      [1, 2].map(async () => (await hasty.recrop({ name: 'a', original: photo }, recipe, never)).verdict),
    );
    await hasty.close();
    expect(reasons).toEqual(Array(2).fill({ kind: 'refused', reason: expect.stringContaining('too slow to read') }));
  });

  it("looks at another member's photo next, and puts the rest of a member off who used up their time", async () => {
    let now = 0;
    const order: string[] = [];
    const slow = createDarkroom({ cdnOrigins: [], clock: { ...systemClock, steady: () => (now += 60_000) } });
    const recrop = async (memberId: string) => {
      const photos = slow.for({ guildId: 'g', memberId });
      await photos.recrop({ name: memberId, original: photo }, recipe, never);
      order.push(memberId);
    };
    const flood = Array.from({ length: 12 }, () => recrop('flood'));
    const late = recrop('late');
    const outcomes = await Promise.allSettled(flood);
    await late;
    await slow.close();
    // Two are inside already, and one may run beside it and end sooner.
    expect(order.indexOf('late')).toBeLessThanOrEqual(3);
    const putOff = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(putOff.length).toBeGreaterThan(0);
    for (const { reason } of putOff) expect(reason).toMatchObject({ why: 'used-up', ms: expect.any(Number) });
  });
});
