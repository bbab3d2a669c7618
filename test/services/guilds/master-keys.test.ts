import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadMasterKeys, parseMasterKeys } from '../../../src/services/guilds/master-keys.ts';

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
