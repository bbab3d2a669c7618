import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { drawPortraits } from '../playground/photos/portraits.ts';
import { cropSquare, decode } from '../src/services/photos/crop.ts';
import { readHeader } from '../src/services/photos/header.ts';
import { PhotoRefusal } from '../src/services/photos/photo-refusal.ts';
import type { Raster } from '../src/services/photos/photo.ts';

export interface Subject {
  readonly name: string;
  readonly crop: Raster;
}

const people = ['a', 'b', 'c', 'd'];
const recipe = { size: 512, strategy: 'attention' } as const;

/**
 * Crops of drawn portraits, each a sharp person before a soft place, and of the photographs in `folders`, which have to be
 * sharp and well lit. Never larger than the photo is.
 */
export async function getSubjects(folders: readonly string[]): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const seed of people) {
    for (const { name, bytes } of await drawPortraits({ count: 6, seed })) {
      subjects.push({ name: `${seed} ${name}`, crop: await cropOf(bytes) });
    }
  }
  for (const path of folders.flatMap(filesIn)) {
    const crop = await cropOf(readFileSync(path)).catch(refused);
    if (crop) subjects.push({ name: basename(path), crop });
  }
  return subjects;
}

const filesIn = (folder: string) => readdirSync(folder).map((name) => join(folder, name));

async function cropOf(file: Buffer): Promise<Raster> {
  const header = await readHeader(file);
  const size = Math.min(recipe.size, header.width, header.height);
  return cropSquare(await decode(file, header, size), { ...recipe, size });
}

function refused(error: unknown): undefined {
  if (!(error instanceof PhotoRefusal || error instanceof Error)) throw error;
}
