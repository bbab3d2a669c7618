import { expect, it } from 'vitest';
import { createUploads } from '../../../playground/page/host/uploads.ts';

const file = (name: string, size: number) => ({ name, bytes: new Uint8Array(size) });

it('gives a file back as often as it is asked for', () => {
  const uploads = createUploads(10);
  const fileId = uploads.add(file('a.jpg', 4));
  expect([uploads.get(fileId).name, uploads.get(fileId).name]).toEqual(['a.jpg', 'a.jpg']);
});

it('lets the oldest go when there is no more room, and says so to whoever asks for it', () => {
  const uploads = createUploads(10);
  const [first, second, third] = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => uploads.add(file(name, 4)));
  expect(() => uploads.get(first!)).toThrow('Cannot find this file any more: add it once more');
  expect([second, third].map((fileId) => uploads.get(fileId!).name)).toEqual(['b.jpg', 'c.jpg']);
});
