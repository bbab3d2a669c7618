import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
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

/** Rejects with a one-line `Error` for the operator. */
export async function loadMasterKeys({ keys, file, generatedFile }: MasterKeySources): Promise<MasterKeys> {
  if (keys !== undefined) return { keys: parseMasterKeys(keys, 'MASTER_KEYS'), areNew: false };
  if (file !== undefined) {
    return { keys: parseMasterKeys(await readKeys(file, 'MASTER_KEYS_FILE'), 'MASTER_KEYS_FILE'), areNew: false };
  }
  const areNew = await generateOnce(generatedFile);
  return { keys: parseMasterKeys(await readKeys(generatedFile, generatedFile), generatedFile), areNew };
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
    await writeDurably(draft, `k1:${randomBytes(32).toString('base64')}\n`);
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

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
