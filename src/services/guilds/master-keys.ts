import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, type Stats } from 'node:fs';
import { link, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../lib/errors.ts';

/** Encrypts the servers' keys. A `KeyObject` shows nothing of itself when it is printed or serialised. */
export interface MasterKey {
  /** Stands in every record that it encrypted. */
  readonly id: string;
  readonly secret: KeyObject;
}

export interface MasterKeySources {
  /** `k2:<base64>,k1:<base64>`; goes before the files. */
  readonly keys?: string | undefined;
  /** Must exist when given. */
  readonly file?: string | undefined;
  /** Where keys are kept when neither is given: made at the first start. */
  readonly generatedFile: string;
}

export interface MasterKeys {
  /** At least one. The first encrypts, all decrypt. */
  readonly keys: readonly MasterKey[];
  /** They were made just now: whatever was encrypted before cannot be read with them. */
  readonly areNew: boolean;
}

/** Where the keys are kept by default: below the working directory. */
export const generatedFile = 'data/master.keys';

/** Reads the keys, and makes them where none are named and none are there. Rejects with a one-line `Error` for the operator. */
export async function loadMasterKeys(sources: MasterKeySources): Promise<MasterKeys> {
  const areNamed = sources.keys !== undefined || sources.file !== undefined;
  const areNew = !areNamed && (await generateOnce(sources.generatedFile));
  return { keys: await readMasterKeys(sources), areNew };
}

/** As `loadMasterKeys`, but never makes any. */
export async function readMasterKeys({ keys, file, generatedFile }: MasterKeySources): Promise<readonly MasterKey[]> {
  if (keys !== undefined) return parseMasterKeys(keys, 'MASTER_KEYS');
  if (file !== undefined) return parseMasterKeys(await readKeys(file, 'MASTER_KEYS_FILE'), 'MASTER_KEYS_FILE');
  return parseMasterKeys(await readKeys(generatedFile, generatedFile), generatedFile);
}

/**
 * Puts another key before those in the file, which stay as they are, and resolves to the keys as they are then. Killed at
 * any point, it leaves the file as it was or complete. Rejects with a one-line `Error` for the operator.
 */
export async function addMasterKey(sources: MasterKeySources): Promise<readonly MasterKey[]> {
  const old = await readMasterKeys(sources);
  if (sources.keys !== undefined) {
    throw new Error(
      'Cannot add a master key: they stand in the variable MASTER_KEYS. Put another one before them there, as from "openssl rand -base64 32"',
    );
  }
  const named = sources.file ?? sources.generatedFile;
  const numbers = old.map(({ id }) => Number(/^k(?<number>\d{1,6})(?!\d)/.exec(id)?.groups?.['number'] ?? 0));
  try {
    await putFirst(entryNumbered(Math.max(...numbers) + 1), named);
  } catch (error) {
    throw new Error(`Cannot add a master key to "${named}": ${messageOf(error)}`, { cause: error });
  }
  return readMasterKeys(sources);
}

/** Throws a one-line `Error` that names `source` and never repeats what stands there. */
export function parseMasterKeys(text: string, source: string): readonly MasterKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry, index) => parseMasterKey(entry, `entry ${index + 1} of ${source}`));
  if (keys.length === 0) throw new Error(`Cannot read ${source}: it holds no key, ${expected}`);
  const twice = keys.find(({ id }, index) => keys.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined) throw new Error(`Cannot read ${source}: two keys are called "${twice.id}"`);
  return keys;
}

const expected = 'expected "k1:" and 32 bytes in base64, as from "openssl rand -base64 32"';

function parseMasterKey(entry: string, place: string): MasterKey {
  const { id, base64 } = /^(?<id>[\w-]{1,32}):(?<base64>[A-Za-z0-9+/]{43}=)$/.exec(entry)?.groups ?? {};
  if (id === undefined || base64 === undefined) throw new Error(`Cannot read ${place}: ${expected}`);
  return { id, secret: createSecretKey(base64, 'base64') };
}

async function readKeys(path: string, source: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(`Cannot read ${source}: ${messageOf(error)}`, { cause: error });
  }
}

/** Whether this call made the file. Killed at any point, it leaves the whole file or none. */
async function generateOnce(path: string): Promise<boolean> {
  if (existsSync(path)) return false;
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(draft, entryNumbered(1));
    // Unlike a rename, a link never replaces a file: a key that encrypted something must not be lost.
    await link(draft, path);
    return true;
  } catch (error) {
    // Another process that started at the same moment was quicker.
    if (existsSync(path)) return false;
    throw new Error(`Cannot make "${path}": ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** The number is for people. The rest keeps keys that were made apart, after one file was lost and found, from being named alike. */
function entryNumbered(number: number): string {
  return `k${number}-${randomBytes(3).toString('hex')}:${randomBytes(32).toString('base64')}\n`;
}

async function putFirst(entry: string, named: string): Promise<void> {
  const path = await realpath(named); // What a link leads to is replaced, not the link.
  const [text, { uid, gid }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeDurably(draft, `${entry}${text}`, { uid, gid });
    await rename(draft, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(draft, { force: true });
  }
}

/** Without it a power cut could take the rename back, although something was encrypted with the key since. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

async function writeDurably(path: string, text: string, owner?: Pick<Stats, 'uid' | 'gid'>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    // The bot may run as another user than the one who adds a key.
    if (owner) await file.chown(owner.uid, owner.gid);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
