import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite';
import { Keyv } from 'keyv';
import * as vitest from 'vitest';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { openDatabase, type Database } from '../../../src/services/database/database.ts';
import { createKeyvAdapter } from '../../../src/services/guilds/keyv-adapter.ts';

describe("Keyv's own tests", async () => {
  const db = await openDatabase('sqlite::memory:');
  const storage = () => createKeyvAdapter(db, systemClock);
  keyvTestSuite(vitest, Keyv, storage);
  keyvIteratorTests(vitest, Keyv, storage);
});

describe('createKeyvAdapter', () => {
  let db: Database;
  let now: number;
  const storage = () => createKeyvAdapter(db, { now: () => now });

  beforeEach(async () => {
    db = await openDatabase('sqlite::memory:');
    now = 1_000;
    return () => db.destroy();
  });

  it('iterates over every live row, more than a page of them, while rows are deleted under it', async () => {
    const adapter = storage();
    const keys = Array.from({ length: 450 }, (_, index) => `a:${String(index).padStart(3, '0')}`);
    await adapter.setMany(keys.map((key) => ({ key, value: '1' })));
    await adapter.set('a:expired', '1', 10);
    now += 11;
    const seen: string[] = [];
    for await (const [key] of adapter.iterator('a')) {
      seen.push(key);
      await adapter.delete(key);
    }
    expect(seen).toEqual(keys);
  });

  it('keeps namespaces apart whose names begin alike or hold a wildcard', async () => {
    const adapter = storage();
    for (const key of ['a:1', 'ab:1', 'a%:1', 'a_:1', 'A:1']) await adapter.set(key, key);
    adapter.namespace = 'a';
    await adapter.clear();
    const left = await adapter.getMany(['a:1', 'ab:1', 'a%:1', 'a_:1', 'A:1']);
    expect(left).toEqual([undefined, 'ab:1', 'a%:1', 'a_:1', 'A:1']);
  });

  it('hides a row the moment it expires, and removes it with the next write', async () => {
    const adapter = storage();
    await adapter.set('a:1', 'x', 10);
    now += 9;
    expect(await adapter.hasMany(['a:1', 'a:2'])).toEqual([true, false]);
    now += 1;
    expect(await adapter.get('a:1')).toBeUndefined();
    expect(await adapter.has('a:1')).toBe(false);
    await adapter.set('a:2', 'y');
    expect(await db.selectFrom('settings').select('key').execute()).toEqual([{ key: 'a:2' }]);
  });

  it('takes the time limit off a row that is set again without one', async () => {
    const adapter = storage();
    await adapter.set('a:1', 'x', 10);
    await adapter.set('a:1', 'y');
    now += 100;
    expect(await adapter.get('a:1')).toBe('y');
  });

  it('stores all of many entries or none', async () => {
    const adapter = storage();
    const entries = [
      { key: 'a:1', value: 'x' },
      { key: 'a:2', value: null as unknown as string },
    ];
    await expect(adapter.setMany(entries)).rejects.toThrow(/NOT NULL/);
    expect(await adapter.getMany(['a:1', 'a:2'])).toEqual([undefined, undefined]);
  });

  it('rejects when the database fails, instead of answering that there is no such key', async () => {
    const keyv = new Keyv({ store: storage(), throwOnErrors: true });
    await db.schema.dropTable('settings').execute();
    await expect(keyv.get('1')).rejects.toThrow(/no such table/);
    await expect(keyv.getMany(['1'])).rejects.toThrow(/no such table/);
    await expect(keyv.set('1', 'x')).rejects.toThrow(/no such table/);
    await expect(keyv.delete('1')).rejects.toThrow(/no such table/);
    await expect(keyv.has('1')).rejects.toThrow(/no such table/);
    await expect(keyv.clear()).rejects.toThrow(/no such table/);
  });
});
