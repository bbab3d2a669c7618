import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  addMasterKey,
  loadMasterKeys,
  parseMasterKeys,
  readMasterKeys,
} from '../../../src/services/guilds/master-keys.ts';

const [one, two] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];

let folder: string;
let generatedFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-keys-'));
  generatedFile = join(folder, 'data', 'master.keys');
  return () => rm(folder, { recursive: true });
});

describe('parseMasterKeys', () => {
  it('keeps the order, in which the first encrypts', () => {
    const keys = parseMasterKeys(`k2:${two},k1:${one}`, 'MASTER_KEYS');
    expect(keys.map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(keys.map(({ secret }) => secret.export().toString('base64'))).toEqual([two, one]);
  });

  it('takes one key a line, as a file has them', () => {
    expect(parseMasterKeys(`k2:${two}\r\nk1:${one}\n`, 'the file')).toHaveLength(2);
  });

  it.each([
    ['nothing', ' ', 'Cannot read MASTER_KEYS: it holds no key'],
    ['no name', one, 'Cannot read entry 1 of MASTER_KEYS: expected "k1:" and 32 bytes in base64'],
    ['a key of 16 bytes', `k1:${one},k2:AAAAAAAAAAAAAAAAAAAAAA==`, 'Cannot read entry 2 of MASTER_KEYS'],
    ['33 bytes', `k1:${Buffer.alloc(33).toString('base64')}`, 'Cannot read entry 1 of MASTER_KEYS'],
    ['one name twice', `k1:${one},k1:${two}`, 'Cannot read MASTER_KEYS: two keys are called "k1"'],
  ])('refuses %s in one line', (_what, text, message) => {
    expect(() => parseMasterKeys(text, 'MASTER_KEYS')).toThrow(message);
  });

  it('repeats no key in an error', () => {
    expect(() => parseMasterKeys(`k1:${one}x`, 'MASTER_KEYS')).not.toThrow(one.slice(0, 20));
  });

  it('gives keys that show nothing of themselves when they are printed', () => {
    const keys = parseMasterKeys(`k1:${one}`, 'MASTER_KEYS');
    expect(inspect(keys, { depth: 9, showHidden: true }) + JSON.stringify(keys)).not.toMatch(/AQEB|0101|01 01|1, *1/);
  });
});

describe('loadMasterKeys', () => {
  it('makes a key at the first start, for the owner only, and finds it at the second', async () => {
    const first = await loadMasterKeys({ generatedFile });
    expect(first.areNew).toBe(true);
    expect((await stat(generatedFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'data'))).toEqual(['master.keys']);

    const second = await loadMasterKeys({ generatedFile });
    expect(second.areNew).toBe(false);
    expect(second.keys[0]!.secret.equals(first.keys[0]!.secret)).toBe(true);
  });

  it('agrees on one key when several processes start at the same moment', async () => {
    const started = await Promise.all(Array.from({ length: 8 }, () => loadMasterKeys({ generatedFile })));
    const keys = new Set(started.map(({ keys }) => keys[0]!.secret.export().toString('hex')));
    expect(keys.size).toBe(1);
    expect(started.filter(({ areNew }) => areNew)).toHaveLength(1);
  });

  it('never makes another key where a file stands, whatever is in it', async () => {
    await loadMasterKeys({ generatedFile });
    await writeFile(generatedFile, 'spoiled');
    await expect(loadMasterKeys({ generatedFile })).rejects.toThrow(`Cannot read entry 1 of ${generatedFile}`);
    expect(await readFile(generatedFile, 'utf8')).toBe('spoiled');
  });

  it('prefers keys to a file, and a file to its own, and makes none then', async () => {
    const file = join(folder, 'given.keys');
    await writeFile(file, `k7:${two}\n`);
    expect((await loadMasterKeys({ keys: `k1:${one}`, file, generatedFile })).keys[0]!.id).toBe('k1');
    expect((await loadMasterKeys({ file, generatedFile })).keys[0]!.id).toBe('k7');
    expect(await readdir(folder)).toEqual(['given.keys']);
  });

  it('names the variable whose file is not there', async () => {
    const file = join(folder, 'absent.keys');
    await expect(loadMasterKeys({ file, generatedFile })).rejects.toThrow(/^Cannot read MASTER_KEYS_FILE: ENOENT/);
  });

  it('names the file that it cannot make', async () => {
    await writeFile(join(folder, 'data'), '');
    await expect(loadMasterKeys({ generatedFile })).rejects.toThrow(`Cannot make "${generatedFile}": `);
  });
});

describe('readMasterKeys', () => {
  it('makes no keys where none are', async () => {
    await expect(readMasterKeys({ generatedFile })).rejects.toThrow(`Cannot read ${generatedFile}: ENOENT`);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('addMasterKey', () => {
  it('puts another key before those that are there, for the owner only', async () => {
    const { keys: before } = await loadMasterKeys({ generatedFile });
    const after = await addMasterKey({ generatedFile });
    expect(after).toHaveLength(2);
    expect(after[1]!.id).toBe(before[0]!.id);
    expect(after[1]!.secret.equals(before[0]!.secret)).toBe(true);
    expect(after[0]!.secret.equals(before[0]!.secret)).toBe(false);
    expect((await stat(generatedFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'data'))).toEqual(['master.keys']);
  });

  it('numbers on, whatever the others are called', async () => {
    const file = join(folder, 'given.keys');
    await writeFile(file, `mine:${one},k7:${two}`);
    const ids = (await addMasterKey({ file, generatedFile })).map(({ id }) => id);
    expect(ids).toEqual([expect.stringMatching(/^k8-[0-9a-f]{6}$/), 'mine', 'k7']);
  });

  it('changes the file that a link leads to, and leaves the link', async () => {
    const [file, target] = [join(folder, 'link.keys'), join(folder, 'target.keys')];
    await writeFile(target, `k1:${one}`);
    await symlink(target, file);
    await addMasterKey({ file, generatedFile });
    expect(parseMasterKeys(await readFile(target, 'utf8'), 'the target')).toHaveLength(2);
    expect(await readFile(file, 'utf8')).toBe(await readFile(target, 'utf8'));
  });

  it('adds none to what it cannot read, nor to a variable', async () => {
    await writeFile(join(folder, 'spoiled'), 'spoiled');
    await expect(addMasterKey({ file: join(folder, 'spoiled'), generatedFile })).rejects.toThrow(/entry 1/);
    expect(await readFile(join(folder, 'spoiled'), 'utf8')).toBe('spoiled');
    await expect(addMasterKey({ keys: `k1:${one}`, generatedFile })).rejects.toThrow(
      /^Cannot add a master key: they stand in the variable MASTER_KEYS/,
    );
  });

  it('names no two keys alike that were made apart, so that a lost file that is found again can be put behind', async () => {
    const { keys: lost } = await loadMasterKeys({ generatedFile });
    const { keys: made } = await loadMasterKeys({ generatedFile: join(folder, 'other.keys') });
    expect(made[0]!.id).not.toBe(lost[0]!.id);
  });
});
