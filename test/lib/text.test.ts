import { describe, expect, it } from 'vitest';
import { codePoints, lastOf, shorten, truncate, visible } from '../../src/lib/text.ts';

const family = '👨\u200D👩\u200D👧';

describe('cutting', () => {
  it('keeps whole letters, as people see them', () => {
    expect([truncate('abc', 3), truncate('abcd', 3), truncate('ab😀', 3), truncate('ab😀', 4)]).toEqual([
      'abc',
      'abc',
      'ab',
      'ab😀',
    ]);
    expect(truncate(`${family}${family}`, family.length + 3)).toBe(family);
    expect(truncate('aJose\u0301', 5)).toBe('aJos');
    expect(truncate('प्रिया', 5, codePoints)).toBe('प्रि');
  });

  it('cuts within a letter that is too long by itself', () => {
    expect(truncate(`a${'\u0301'.repeat(1e5)}`, 5)).toBe('a\u0301\u0301\u0301\u0301');
    expect(truncate(family, 4)).toBe('👨\u200D');
  });

  it('gives text that is well-formed, at either end, whatever it was', () => {
    const odd = ['\ud83d', '\ude00', '😀'.repeat(9), `a${family.repeat(3)}`, 'x\ud83d\ud83d\ude00', '\ude00\ud83d'];
    for (const text of odd)
      for (let most = 0; most < 30; most += 1) {
        const cuts = [truncate(text, most), lastOf(text, most), shorten(text, most + 1), visible(text)];
        expect(cuts.filter((one) => !one.isWellFormed() || one.length > Math.max(most + 1, text.length))).toEqual([]);
      }
  });

  it('shortens with an ellipsis, and only what is too long', () => {
    expect([shorten('12345', 5), shorten('123456', 5), shorten('123 56', 5)]).toEqual(['12345', '1234…', '123…']);
  });
});

describe('what can be seen of a text', () => {
  it.each([
    ['प्रिया', 'प्रिया'],
    ['Jose\u0301', 'José'],
    ['علی\u200Cرضا', 'علی\u200Cرضا'],
    ['ශ්\u200Dරී', 'ශ්\u200Dරී'],
    ['辻\u{E0100}', '辻\u{E0100}'],
    [family, family],
    ['An\u200Cna \u200D', 'Anna'],
    ['രാജന്\u200D കുമാര്\u200D', 'രാജന്\u200D കുമാര്\u200D'],
    ['a \u200B b e\u034F\u0301', 'a b é'],
    ['\u202Ea\u2066b\u2069\u200E\t\nc', 'ab c'],
    ['\u200B\u2060\uFEFF\u034F\uFE0F', ''],
  ])('%j is %j', (given, seen) => {
    expect(visible(given)).toBe(seen);
  });
});
