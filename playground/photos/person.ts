import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';

export type HairStyle = 'long' | 'bob' | 'short' | 'curly' | 'bun';

interface Colours {
  readonly base: string;
  readonly dark: string;
  readonly shine: string;
}

/** What stays the same in every picture of a person. */
export interface Person {
  readonly seed: string;
  readonly skin: { readonly light: string; readonly base: string; readonly shade: string; readonly lips: string };
  readonly hair: Colours & { readonly style: HairStyle };
  readonly eyes: string;
  readonly hasFreckles: boolean;
  /** 0.94 to 1.06: how wide the face is. */
  readonly width: number;
}

const browns = { base: '#5b3a26', dark: '#38221a', shine: '#8d5f3f' };
const blacks = { base: '#2b2323', dark: '#161213', shine: '#54474a' };
const blonds = { base: '#b98a4b', dark: '#8a6230', shine: '#e0bd80' };
const reds = { base: '#9a4a25', dark: '#6b2f16', shine: '#c97645' };
const greys = { base: '#8d8780', dark: '#625d58', shine: '#bdb6ad' };

/** What goes together in people. */
const looks = [
  {
    skin: { light: '#fbe3d2', base: '#f1c7ab', shade: '#cf9676', lips: '#c9685f' },
    hair: [reds, blonds, browns, greys],
    eyes: ['#3f6b58', '#4a7397', '#7b6a3a'],
  },
  {
    skin: { light: '#f5d2b3', base: '#e2ab82', shade: '#b67a52', lips: '#b55a50' },
    hair: [browns, blacks, blonds],
    eyes: ['#5a3b22', '#3f6b58', '#7b6a3a'],
  },
  {
    skin: { light: '#dcab82', base: '#c08657', shade: '#8f5c37', lips: '#9c4b41' },
    hair: [blacks, browns],
    eyes: ['#5a3b22', '#2e2119'],
  },
  {
    skin: { light: '#b98460', base: '#96603f', shade: '#683e27', lips: '#8a453d' },
    hair: [blacks, greys],
    eyes: ['#4a2f1c', '#2e2119'],
  },
  {
    skin: { light: '#94664b', base: '#724934', shade: '#4b2e20', lips: '#7a3b36' },
    hair: [blacks],
    eyes: ['#3a2618', '#2e2119'],
  },
] as const;

const styles: readonly HairStyle[] = ['long', 'bob', 'short', 'curly', 'bun'];

export function createPerson(seed: string): Person {
  const random = createRandom(`person:${seed}`);
  const look = pick(random, looks);
  return {
    seed,
    skin: look.skin,
    hair: { style: pick(random, styles), ...pick<Colours>(random, look.hair) },
    eyes: pick<string>(random, look.eyes),
    hasFreckles: random() < 0.4,
    width: between(random, 0.94, 1.06),
  };
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error('Cannot pick: there is nothing to pick from');
  return choice;
}

export function between(random: Random, min: number, max: number): number {
  return min + random() * (max - min);
}
