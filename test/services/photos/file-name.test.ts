import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/commands/fields.ts';
import { fileName } from '../../../src/services/photos/file-name.ts';
import { isArchive } from '../../../src/services/photos/photo.ts';

describe('the name of a file', () => {
  it.each([
    ['photo.jpg', 'photo.jpg'],
    ['a/b/../c.jpg', 'c.jpg'],
    ['\u202Egpj.exe', 'gpj.exe'],
    ['a\u2066\u200E\u200F\u061C\u2069b.jpg', 'ab.jpg'],
    ['one\ntwo\u2028three.jpg', 'one two three.jpg'],
    ['nul\0\u0007\u009B.jpg', 'nul.jpg'],
    ['\uFEFFa\u200B\u00AD\u3164.png', 'a.png'],
    ['Jose\u0301.jpg', 'José.jpg'],
    ['👩\u200D🎨 ❤\uFE0F.jpg', '👩\u200D🎨 ❤\uFE0F.jpg'],
    ['half \ud83d.jpg', 'half \ufffd.jpg'],
    ['\u3164\u200B', 'a file without a name'],
    ['\u0301\u0301', 'a file without a name'],
    ['   ', 'a file without a name'],
    ['photo.jpg...', 'photo.jpg...'],
  ])('%j is shown as %j', (given, shown) => {
    expect(fileName(given)).toBe(shown);
    expect(sourceOf({ url: 'https://cdn.example/x', name: given, size: 1 }).name).toBe(shown);
  });

  it('is cut in whole letters and keeps its ending, which says whether it is an archive', () => {
    const long = fileName(`${'👩\u200D🎨'.repeat(60)}.zip`);
    expect(long).toMatch(/^(?:👩\u200D🎨)+….zip$/u);
    expect(long.length).toBeLessThanOrEqual(100);
    expect(isArchive({ name: long })).toBe(true);
    expect(fileName(`${'\u0301\u0323'.repeat(1e5)}.jpg`).length).toBeLessThanOrEqual(100);
  });

  it('is cleaned only once: what was cleaned stays', () => {
    const names = ['a/b.jpg', '\u202Egpj.exe', 'x'.repeat(300), '\u3164', 'half \ud83d.jpg'].map(fileName);
    expect(names.map(fileName)).toEqual(names);
  });
});
