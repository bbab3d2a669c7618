import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/services/photos/format.ts';

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

  it('does not take a RIFF sound for a picture', () => {
    expect(recognise(file('RIFF....WAVEfmt '))).toHaveProperty('reason');
  });
});
