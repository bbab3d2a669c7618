import { describe, expect, it } from 'vitest';
import { isCutShort, recognise } from '../../../src/services/photos/format.ts';

const file = (latin1: string) => Buffer.from(latin1.padEnd(80, '\0'), 'latin1');

describe('recognise', () => {
  it.each([
    ['JPEG', '\xff\xd8\xff\xe1'],
    ['PNG', '\x89PNG\r\n\x1a\n'],
    ['WebP', 'RIFF....WEBPVP8 '],
  ])('takes a %s picture by its first bytes', (format, head) => {
    expect(recognise(file(head))).toEqual({ format });
  });

  it.each(['heic', 'heix', 'mif1'])('names the phone setting that avoids HEIC files (brand %s)', (brand) => {
    expect(recognise(file(`\0\0\0\x18ftyp${brand}`))).toEqual({
      reason: expect.stringContaining('Settings → Camera → Formats → Most Compatible'),
    });
  });

  it.each([
    ['a video', '\0\0\0\x18ftypisom'],
    ['a GIF', 'GIF89a'],
    ['a TIFF', 'II*\0'],
    ['a PDF', '%PDF-1.7'],
    ['a BMP', 'BM\x36\x10\x0e\0\0\0\0\0\x36\0\0\0\x28\0\0\0'],
    ['not a JPEG, PNG or WebP picture', 'BMW M3, red, parked'],
    ['a zip archive', 'PK\x03\x04'],
    ['an AVIF', '\0\0\0\x18ftypavif'],
    ['not a JPEG, PNG or WebP picture', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['not a JPEG, PNG or WebP picture', '<!doctype html>'],
  ])('refuses a file that is %s, whatever its name says', (reason, head) => {
    expect(recognise(file(head))).toEqual({ reason: expect.stringContaining(reason) });
  });

  it('refuses an empty file', () => {
    expect(recognise(Buffer.alloc(0))).toEqual({ reason: expect.stringContaining('empty') });
  });

  it.each([
    ['JPEG', '\xff\xd8\xff\xe1', '\xff\xd9'],
    ['PNG', '\x89PNG\r\n\x1a\n', 'IEND\xae\x42\x60\x82'],
  ])('knows the end of a %s, also before what a camera writes after it', (_format, head, end) => {
    const whole = file(`${head}${'x'.repeat(2000)}${end}`);
    expect(isCutShort(whole)).toBe(false);
    expect(isCutShort(Buffer.concat([whole, Buffer.alloc(500)]))).toBe(false);
    expect(isCutShort(whole.subarray(0, 1500))).toBe(true);
  });

  it('knows the length of a WebP, and nothing of what is no picture', () => {
    const whole = file('RIFF\x48\0\0\0WEBPVP8 ');
    expect([isCutShort(whole), isCutShort(whole.subarray(0, 79)), isCutShort(file('%PDF'))]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('does not take a RIFF sound for a picture', () => {
    expect(recognise(file('RIFF....WAVEfmt '))).toHaveProperty('reason');
  });
});
