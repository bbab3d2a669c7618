import { describe, expect, it } from 'vitest';
import { attacksOn, patternsIn, textOfAttack, type Attack } from './pattern-attacks.ts';

/*
 * A text of strangers must not hold the event loop up, whatever it repeats. Every pattern of the sources is fed its own
 * characters, over and over: what takes the square of their number would be found here before somebody else finds it.
 */

const length = 6_000;
/** A text of this length that is read once, or a few times, takes far less; one whose every pair of places is looked at, more. */
const suspiciousMs = 3;

const { patterns, unread } = patternsIn('src');

describe('every pattern of the sources', () => {
  it.each(patterns)('reads a text in the time that its length needs: $where', ({ regex }) => {
    expect(attacksOn(regex).filter((attack) => isSuperLinear(regex, attack))).toEqual([]);
  });

  it('is known but for the one that is made of a secret, character by character', () => {
    expect(unread).toEqual([expect.stringContaining('sanitize.ts: new RegExp(wanted.replace(')]);
  });
});

describe('the attacks', () => {
  it.each([
    /^\d+\. ?\[[^\]]*\] ?\| ?Time Elapsed ?: ?[\d.]+[^|]*\| ?/i,
    /^(a+)+$/,
    /\s+$/,
    /^(\w|_)*$/,
    /a.*b.*c/,
    /^(\w+\s?)*$/,
    /<[a-z!/][^>]*>/gi,
    /^.*?,\d*\d*;/,
  ])('bring %s down', (regex) => {
    expect(attacksOn(regex).some((attack) => isSuperLinear(regex, attack))).toBe(true);
  });

  it.each([/^\d+$/, /a|b/, /\p{C}+/gu, /^[\w -]{1,40}$/])('leave %s alone', (regex) => {
    expect(attacksOn(regex).filter((attack) => isSuperLinear(regex, attack))).toEqual([]);
  });
});

/** Slow for its length, at every try, and with twice the length more than twice as slow. */
function isSuperLinear(regex: RegExp, attack: Attack): boolean {
  for (const chars of [16, 20, 24, 28, 60, 600]) {
    if (cpuMs(regex, textOfAttack(attack, chars)) > 5 * suspiciousMs) return true; // No need to wait for the rest.
  }
  const text = textOfAttack(attack, length);
  const isSlow = () => cpuMs(regex, text) > suspiciousMs;
  if (!isSlow() || !isSlow() || !isSlow()) return false;
  const shortest = (chars: number) => Math.min(...[1, 2, 3].map(() => cpuMs(regex, textOfAttack(attack, chars))));
  return shortest(length) > 3 * shortest(length / 2);
}

/** Of this thread, so that other programs do not count. */
function cpuMs(regex: RegExp, text: string): number {
  const before = process.threadCpuUsage();
  text.replace(regex, '');
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
