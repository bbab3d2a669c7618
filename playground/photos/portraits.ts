import { createPerson } from './person.ts';
import type { Person } from './person.ts';
import { planShot } from './shot.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Size } from './snapshot.ts';

export interface DrawnPhoto {
  /** `IMG_0001.jpg` and so on. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface PortraitsWanted {
  readonly count: number;
  /** One seed, one person. */
  readonly seed?: string | number;
  /** As a sensor has it: the wider side first. Every third picture is held upright, which its orientation tag says. */
  readonly size?: Size;
}

/** About 2 megapixels. */
const screenSize: Size = { width: 1632, height: 1224 };
/** 12 megapixels, as phones take them. */
export const phoneSize: Size = { width: 4032, height: 3024 };

/** Each picture of 12 megapixels takes about 150 MB while it is drawn. */
const atOnce = 2;

/** Draws snapshots of the same person. The same wish gives the same bytes. */
export async function drawPortraits({ count, seed = 1, size = screenSize }: PortraitsWanted): Promise<DrawnPhoto[]> {
  const person = createPerson(String(seed));
  const photos: DrawnPhoto[] = [];
  for (let first = 0; first < count; first += atOnce) {
    const indices = Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => first + i);
    photos.push(...(await Promise.all(indices.map((index) => drawPhoto(person, index, size)))));
  }
  return photos;
}

async function drawPhoto(person: Person, index: number, size: Size): Promise<DrawnPhoto> {
  const bytes = await takeSnapshot(person, planShot(person.seed, index), size);
  return { name: `IMG_${String(index + 1).padStart(4, '0')}.jpg`, bytes };
}
