import { createRandom } from '../random.ts';
import { places } from './backgrounds.ts';
import type { Place } from './backgrounds.ts';
import type { Clothes, Garment } from './clothes.ts';
import { between } from './person.ts';

export interface Pose {
  /** -1 looks left, 1 looks right. */
  readonly turn: number;
  /** -1 looks up, 1 looks down. */
  readonly nod: number;
  /** Degrees. */
  readonly tilt: number;
  /** 0 is earnest, 1 laughs. */
  readonly smile: number;
  /** Where the light comes from: -1 left, 1 right. */
  readonly light: number;
  readonly hasGlasses: boolean;
}

/** What changes from one picture of a person to the next. */
export interface Shot extends Clothes {
  readonly seed: string;
  readonly place: Place;
  readonly pose: Pose;
  /** Height of the head as a share of the picture's. */
  readonly closeness: number;
  /** Where the face stands, as shares of width and height. */
  readonly at: { readonly x: number; readonly y: number };
  readonly isUpright: boolean;
  readonly profile: 'srgb' | 'p3';
  /** Multiplies brightness; a snapshot is never exposed exactly. */
  readonly exposure: number;
  /** How warm the light is, from -1 to 1. */
  readonly warmth: number;
}

const garments: readonly Garment[] = ['hoodie', 'tee', 'shirt', 'knit', 'jacket'];
const cloths = ['#3c5a8c', '#a4473f', '#3f6f5a', '#d9a441', '#5b4a78', '#cfc7bb', '#2f3442', '#c96f8f', '#4d8a96'];

/** Neighbouring numbers differ in place, clothes, framing and pose. */
export function planShot(seed: string, index: number): Shot {
  const random = createRandom(`shot:${seed}:${index}`);
  const start = Math.floor(createRandom(`start:${seed}`)() * 1000);
  const closeness = [0.42, 0.58, 0.34, 0.5, 0.64, 0.38][index % 6] ?? 0.5;
  return {
    seed: `${seed}:${index}`,
    place: places[(start + index) % places.length] ?? 'park',
    garment: garments[(start + index * 2) % garments.length] ?? 'tee',
    cloth: cloths[(start + index * 4) % cloths.length] ?? '#3c5a8c',
    pose: {
      turn: (index % 2 === 0 ? -1 : 1) * between(random, 0.1, 1),
      nod: between(random, -0.6, 0.6),
      tilt: between(random, -11, 11),
      smile: [0.8, 0.3, 1, 0.5, 0.1, 0.7][(start + index) % 6] ?? 0.5,
      light: random() < 0.5 ? -1 : 1,
      hasGlasses: (start + index) % 5 === 3,
    },
    closeness,
    at: { x: between(random, 0.36, 0.64), y: between(random, 0.38, 0.46) },
    isUpright: index % 3 === 1,
    profile: index % 4 === 2 ? 'p3' : 'srgb',
    exposure: between(random, 0.92, 1.1),
    warmth: between(random, -1, 1),
  };
}
