import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from './zip.ts';
import { createDarkroom, type DarkroomLimits } from '../../../src/services/photos/darkroom.ts';
import type { CropRecipe, Darkroom, LeftOut, PreparedPhoto } from '../../../src/services/photos/photo.ts';
import { startCdn, type Cdn } from './cdn.ts';
import { drawScene } from './draw.ts';

const never = new AbortController().signal;
const recipe: CropRecipe = { size: 256, strategy: 'attention' };
const all = (names: readonly string[]) => names.map((_, index) => index);

describe('unpacking an archive', () => {
  let photo: Buffer;
  let file: Buffer;
  let cdn: Cdn;
  let darkroom: Darkroom;

  beforeAll(async () => {
    photo = await drawScene({ width: 300, height: 300 }).jpeg().toBuffer();
    file = zipOf([
      { name: 'a.jpg', bytes: photo },
      { name: 'notes.doc', bytes: Buffer.from('words') },
      { name: 'b.jpg', bytes: photo, lies: { crc: 1 } },
      { name: 'c.jpg', bytes: photo.subarray(0, photo.length / 2) },
      { name: 'd.jpg', bytes: photo },
    ]);
  });
  beforeEach(async () => {
    cdn = await startCdn(({ url }, response) => {
      if (url === '/gone.zip') response.writeHead(404).end();
      else if (url === '/packed.zip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(file);
      else if (url === '/short.zip')
        response.writeHead(200, { 'content-length': file.length, connection: 'close' }).end(file.subarray(0, 99));
      else response.end(file);
    });
    darkroom = at({});
  });
  afterEach(async () => {
    await darkroom.close();
    await cdn[Symbol.asyncDispose]();
  });

  const at = (limits: Partial<DarkroomLimits>) => createDarkroom({ cdnOrigins: [cdn.origin], limits });
  const source = (name: string, sizeBytes = 1000) => ({ url: `${cdn.origin}/${name}`, name, sizeBytes });

  interface Outcome {
    readonly photos: ReadonlyMap<number, PreparedPhoto>;
    readonly leftOut: readonly LeftOut[];
  }

  async function unpack(name: string, choose = all, sizeBytes?: number): Promise<Outcome> {
    const photos = new Map<number, PreparedPhoto>();
    const onPhoto = (index: number, prepared: PreparedPhoto) => {
      photos.set(index, prepared);
      return Promise.resolve();
    };
    return { leftOut: await darkroom.unpack(source(name, sizeBytes), recipe, { choose, onPhoto }, never), photos };
  }

  it('makes a photo of each picture, with a verdict of its own, and names the rest', async () => {
    const { photos, leftOut } = await unpack('a.zip');
    const verdicts = [...photos]
      .toSorted(([a], [b]) => a - b)
      .map(([index, { name, verdict }]) => [index, name, verdict.kind]);
    expect(verdicts).toEqual([
      [0, 'a.jpg', 'good'],
      [1, 'b.jpg', 'refused'],
      [2, 'c.jpg', 'refused'],
      [3, 'd.jpg', 'good'],
    ]);
    expect(photos.get(0)).toMatchObject({ original: photo, crop: { png: expect.any(Buffer) } });
    expect(photos.get(1)).toMatchObject({ verdict: { reason: expect.stringContaining('damaged in the archive') } });
    expect(photos.get(2)).toMatchObject({ verdict: { reason: expect.stringContaining('incomplete') } });
    expect(leftOut).toEqual([{ name: 'notes.doc', reason: expect.stringContaining('not a JPEG') }]);
  });

  it('unpacks no more than is wanted', async () => {
    const { photos } = await unpack('a.zip', (names) => [names.indexOf('d.jpg')]);
    expect([...photos.keys()]).toEqual([3]);
  });

  it.each([
    ['gone.zip', 'its link has expired'],
    ['packed.zip', 'it arrived in a form that I do not take'],
    ['short.zip', 'its download broke off'],
  ])('leaves out %s as a whole', async (name, reason) => {
    const { photos, leftOut } = await unpack(name);
    expect(photos.size).toBe(0);
    expect(leftOut).toEqual([{ name, reason: expect.stringContaining(reason) }]);
  });

  it('has a limit of its own for the size of an archive, by its claim and by its bytes', async () => {
    await darkroom.close();
    darkroom = at({ photoBytes: 10, archiveBytes: file.length });
    expect((await unpack('a.zip')).photos.size).toBe(4);
    expect((await unpack('a.zip', all, file.length + 1)).leftOut[0]?.reason).toContain('too large');
    await darkroom.close();
    darkroom = at({ archiveBytes: file.length - 1 });
    expect((await unpack('a.zip')).leftOut[0]?.reason).toContain('too large');
  });

  it('ends the download of an archive that comes by drops', async () => {
    await using slow = await startCdn((_request, response) => {
      response.write(file.subarray(0, 10));
    });
    const hasty = createDarkroom({ cdnOrigins: [slow.origin], limits: { archiveMs: 100 } });
    const picking = { choose: all, onPhoto: () => Promise.resolve() };
    const leftOut = await hasty.unpack({ ...source('a.zip'), url: `${slow.origin}/a.zip` }, recipe, picking, never);
    expect(leftOut).toEqual([{ name: 'a.zip', reason: expect.stringContaining('took too long') }]);
    await hasty.close();
  });

  it('rejects when its signal aborts, and when a photo cannot be stored', async () => {
    const stopping = new AbortController();
    const onPhoto = () => {
      stopping.abort(new Error('stopping'));
      return Promise.resolve();
    };
    const stopped = darkroom.unpack(source('a.zip'), recipe, { choose: all, onPhoto }, stopping.signal);
    await expect(stopped).rejects.toThrow('stopping');
    const full = { choose: all, onPhoto: () => Promise.reject(new Error('disk full')) };
    await expect(darkroom.unpack(source('a.zip'), recipe, full, never)).rejects.toThrow('disk full');
  });

  it('has one archive in memory at a time', async () => {
    const order: string[] = [];
    const taking = (name: string) => ({
      choose: (names: readonly string[]) => {
        order.push(`${name} opened`);
        return all(names).slice(0, 1);
      },
      onPhoto: () => {
        order.push(`${name} stored`);
        return Promise.resolve();
      },
    });
    await Promise.all(['a.zip', 'b.zip'].map((name) => darkroom.unpack(source(name), recipe, taking(name), never)));
    expect(order).toEqual(['a.zip opened', 'a.zip stored', 'b.zip opened', 'b.zip stored']);
  });
});
