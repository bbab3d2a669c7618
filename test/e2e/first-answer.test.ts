import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawPortraits, phoneSize } from '../../playground/photos/portraits.ts';
import { attached } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

it('answers others within Discord’s three seconds while ten photos of 12 megapixels are being cropped', async () => {
  const server = await stage.addServer();
  const drawn = await drawPortraits({ count: 2, size: phoneSize });
  const photos = Array.from({ length: 10 }, (_, index) => drawn[index % drawn.length]!);
  const order = await server.train({ method: 'lora-sdxl', ...attached(photos) });
  const sheet = order.says(/of 10 photos can be used/);
  const state = { cropping: true };
  void sheet.finally(() => (state.cropping = false));

  const tookMs: number[] = [];
  while (state.cropping) {
    const askedAt = performance.now();
    await (await server.ada.command(server.channel, 'status')).answer(); // Rejects after three seconds.
    tookMs.push(performance.now() - askedAt);
    await setTimeout(100); // As a busy server asks: without a pause the questions alone would fill a core.
  }
  await sheet;
  console.log(`${tookMs.length} answers while cropping, the slowest after ${Math.max(...tookMs).toFixed(0)} ms`);
  expect(tookMs.length).toBeGreaterThan(5);
});
