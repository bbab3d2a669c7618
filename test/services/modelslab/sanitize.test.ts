import { describe, expect, it } from 'vitest';
import { cleanText, withoutSecrets } from '../../../src/services/modelslab/sanitize.ts';

const secret = 'abcdef0123456789abcdef';
const secrets = [secret];

describe('cleanText', () => {
  it.each([
    ['tags', 'see <a href="https://x.example">the docs</a><br/>now', 'see the docs now'],
    ['lines and tabs', 'one\r\n\ttwo\u2028three', 'one two three'],
    ['control characters', 'a\u0000b\u001b[31mc', 'a b [31mc'],
    ['invisible and direction characters', 'a\u200bb\u202ec', 'abc'],
    ['the query of a URL', 'at https://x.example/a?b=c&d#e now', 'at https://x.example/a now'],
    ['the query of each of several URLs', 'http://a?b HTTPS://c#d?e f?g', 'http://a HTTPS://c f?g'],
    ['the fragment of a URL', 'https://x.example/a#token', 'https://x.example/a'],
    ['a lone surrogate', 'a\ud800b', 'ab'],
    [
      'what looks like a key of Weights & Biases',
      `login with ${'0a1b2c3d4e'.repeat(4)} failed`,
      'login with [key] failed',
    ],
  ])('removes %s', (_name, text, clean) => {
    expect(cleanText(text, secrets)).toBe(clean);
  });

  it.each(['http://', '<a', 'x?#', '\u200b ', 'abcdef012345-'])(
    'is done with the longest answer in a moment, also when it is nothing but %j',
    (piece) => {
      const before = process.threadCpuUsage();
      expect(cleanText(piece.repeat(1_000_000 / piece.length), secrets).length).toBeLessThanOrEqual(300);
      expect(process.threadCpuUsage(before).user / 1000, 'ms of a core').toBeLessThan(5000);
    },
  );

  it('leaves a comparison alone', () => {
    expect(cleanText('images < 3 and steps > 50?', secrets)).toBe('images < 3 and steps > 50?');
  });

  it('keeps 300 characters at most, and cuts after the key was removed', () => {
    const clean = cleanText(`${'x '.repeat(145)}${secret} ${'y'.repeat(100)}`, secrets);
    expect(clean.length).toBeLessThanOrEqual(300);
    expect(clean).toMatch(/\[key\] y+…$/);
  });
});

describe('withoutSecrets', () => {
  it('replaces the key inside of a longer word', () => {
    expect(withoutSecrets(`key=x${secret}y`, secrets)).toBe('key=x[key]y');
  });

  it('replaces a telling part of it', () => {
    expect(withoutSecrets('begins with abcdef012345…', secrets)).toBe('begins with [key]…');
  });

  it('replaces each of several', () => {
    expect(withoutSecrets(`${secret} and other`, [secret, 'other'])).toBe('[key] and [key]');
  });

  it('takes the characters of a key literally', () => {
    expect(withoutSecrets('a.c and abc', ['a.c'])).toBe('[key] and abc');
  });

  it('leaves the text alone when there is no key', () => {
    expect(withoutSecrets('text', [''])).toBe('text');
  });
});
