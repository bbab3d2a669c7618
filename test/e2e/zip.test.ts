import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Upload } from '../../playground/discord/state/upload.ts';
import { drawPortraits } from '../../playground/photos/portraits.ts';
import { zipOf, type ZippedFile } from '../services/photos/zip.ts';
import { photosIn } from './database.ts';
import { attached, photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

const portraits = await drawPortraits({ count: 12, size: { width: 512, height: 512 } });
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

function archive(name: string, files: readonly ZippedFile[]): Upload {
  return { name, bytes: zipOf(files) };
}

/** As a folder of twelve photos is packed on a Mac, with one photo that broke and a text. */
function holiday(): Upload {
  const [first] = portraits;
  return archive('holiday.zip', [
    { name: 'holiday/', bytes: Buffer.alloc(0) },
    ...portraits.map(({ name, bytes }) => ({ name: `holiday/${name}`, bytes: Buffer.from(bytes) })),
    { name: '__MACOSX/holiday/._IMG.jpg', bytes: Buffer.from('Mac') },
    { name: 'holiday/broken.jpg', bytes: Buffer.from(first!.bytes).subarray(0, 5000) },
    { name: 'holiday/notes.txt', bytes: Buffer.from('a day at the sea') },
  ]);
}

it.concurrent('trains on the photos in an archive, and says what else was in it', async () => {
  const server = await stage.addServer();
  const order = await server.train({ method: 'lora-sd15', photo1: holiday() });
  await order.startable();
  const sheet = await order.says(/12 of 13 photos can be used/);
  expect(textOf(sheet)).toMatch(
    /✕ \.\\_IMG\.jpg, notes\.txt left out: no photos, but what phones and programs put beside them[\s\S]*✕ \*\*13\*\* left out: incomplete.*broken\.jpg/,
  );
  await order.start();
  await order.end(/is ready/);
  expect(server.trainings()[0]?.images).toHaveLength(12);
});

it.concurrent('takes an archive by the file picker, beside photos, and leaves out what does not fit', async () => {
  const server = await stage.addServer();
  const use = await server.bob.command(server.channel, 'train', { name: 'Many', subject: 'man', method: 'lora-sd15' });
  const reply = await (await (await use.modal()).submit({ photos })).reply();
  const order = server.orderIn(reply);
  const card = await order.startable();
  const modal = await (await server.bob.press(card, 'Add photos')).modal();
  const many = Array.from({ length: 40 }, (_, index) => ({ name: `p${index}.jpg`, bytes: varied(index) }));
  await modal.submit({ photos: [archive('many.zip', many)] });
  await order.changed(card);
  const sheet = await order.says(/of 30 photos can be used/);
  expect(textOf(sheet)).toMatch(/✕ p27\.jpg, p28\.jpg, p29\.jpg and 10 more left out: an order has 30 photos at most/);
});

it.concurrent(
  'takes an archive from a message, and refuses one that is no ordinary one, for a plain reason',
  async () => {
    const server = await stage.addServer();
    const zeros = { name: 'a.jpg', bytes: Buffer.concat([Buffer.from(photos[0]!.bytes), Buffer.alloc(2 ** 24)]) };
    const endless = archive('endless.zip', [{ ...zeros, lies: { size: 2 ** 32 - 2 } }]);
    const swollen = archive('swollen.zip', [zeros]);
    const locked = archive('locked.zip', [{ ...zeros, lies: { flags: 1 } }]);
    const message = await server.bob.post(server.channel, { files: [endless, locked, swollen, holiday()] });
    const modal = await (await server.bob.useOnMessage('Train on these photos', message)).modal();
    const order = server.orderIn(await (await modal.submit({ name: 'Packed', subject: ['woman'] })).reply());
    const sheet = await order.says(/12 of 14 photos can be used/);
    expect(textOf(sheet)).toMatch(/endless\.zip left out: too large \(4096 MB when unpacked, at most 400\)/);
    expect(textOf(sheet)).toMatch(/locked\.zip left out: locked with a password/);
    expect(textOf(sheet)).toMatch(/✕ \*\*1\*\* left out: packed as no ordinary photo is/);
  },
);

it.concurrent('keeps photos and nothing of the archive, and erases them with the order', async ({ expect }) => {
  const server = await stage.addServer();
  const order = await server.train({ ...attached(photos.slice(0, 1)), photo2: holiday() });
  const card = await order.startable();
  const rows = (what = 'select position from photos') => {
    const file = new DatabaseSync(join(stage.folder, 'darkroom.db'), { readOnly: true });
    try {
      const inThread = `select id from jobs where json_extract(document, '$.told.threadId') = '${order.thread.id}'`;
      return file.prepare(`${what} where job_id in (${inThread})`).all();
    } finally {
      file.close();
    }
  };
  expect(rows()).toHaveLength(14);
  const pieces = rows('select bytes from photo_pieces').map(({ bytes }) => Buffer.from(bytes as Uint8Array));
  expect(pieces.length).toBeGreaterThanOrEqual(14);
  expect(pieces.filter((bytes) => bytes.toString('latin1', 0, 2) === 'PK')).toEqual([]);
  await server.bob.press(card, 'Discard');
  await order.says(/: discarded[\s\S]*photos.+erased/);
  await expect.poll(() => rows()).toEqual([]); // Erased after that was told, of which Discord hears nothing.
});

it('goes on with an archive that was being unpacked when the program was killed: nothing twice, nothing lost', async () => {
  const own = await startStage();
  try {
    const server = await own.addServer();
    const [large] = await drawPortraits({ count: 1, size: { width: 2400, height: 1800 } });
    const packed = Array.from({ length: 24 }, (_, index) => ({
      name: `p${index}.jpg`,
      bytes: varied(index, large!.bytes),
    }));
    const order = await server.train({ method: 'lora-sd15', photo1: archive('many.zip', packed) });
    await expect.poll(() => photosIn(own.folder), { interval: 20 }).toBeGreaterThan(0);
    const kept = { count: 0 };
    await own.restart('SIGKILL', () => {
      kept.count = photosIn(own.folder);
      return Promise.resolve();
    });
    expect(kept.count, 'it was killed in the middle').toBeLessThan(packed.length);
    await order.says(/24 of 24 photos can be used/);
    expect(photosIn(own.folder)).toBe(packed.length);
  } finally {
    await own.close();
  }
});

/** JPEGs end where their end mark is: what comes after it makes another file of the same picture. */
function varied(index: number, photo = portraits[0]!.bytes): Buffer {
  return Buffer.concat([Buffer.from(photo), Buffer.from(`${index}`)]);
}
