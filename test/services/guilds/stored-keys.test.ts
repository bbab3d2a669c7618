import { createSecretKey } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import type { GuildId, MemberId } from '../../../src/lib/ids.ts';
import { openDatabase, type Database } from '../../../src/services/database/database.ts';
import { createKeyvAdapter, type KeyvAdapter } from '../../../src/services/guilds/keyv-adapter.ts';
import type { MasterKey } from '../../../src/services/guilds/master-keys.ts';
import { createStoredKeys, findOtherFirstKey, noteFirstKey } from '../../../src/services/guilds/stored-keys.ts';
import { createVault } from '../../../src/services/guilds/vault.ts';

const [k1, k2] = [masterKey('k1', 1), masterKey('k2', 2)];
const ada = 'ada' as MemberId;
const guilds = ['1', '2', '3'].map((id) => `guild${id}` as GuildId);
const secretOf = (guildId: GuildId) => `the-secret-of-${guildId}`;

let db: Database;

beforeEach(async () => {
  db = await openDatabase('sqlite::memory:');
  return () => db.destroy();
});

function masterKey(id: string, byte: number): MasterKey {
  return { id, secret: createSecretKey(Buffer.alloc(32, byte)) };
}

const storage = () => createKeyvAdapter(db, systemClock);
const vaultWith = (...masterKeys: MasterKey[]) =>
  createVault({
    purpose: 'modelslab',
    storage: storage(),
    masterKeys,
    clock: systemClock,
    secrets: { add: () => undefined },
  });
const storedKeys = (masterKeys: readonly MasterKey[], adapter: KeyvAdapter = storage()) =>
  createStoredKeys({ purpose: 'modelslab', storage: adapter, masterKeys });
const rows = () => db.selectFrom('settings').selectAll().orderBy('key').execute();

async function keepAll(...masterKeys: MasterKey[]): Promise<void> {
  for (const guildId of guilds) await vaultWith(...masterKeys).keep(guildId, secretOf(guildId), ada);
}

async function expectAllOpenWith(...masterKeys: MasterKey[]): Promise<void> {
  for (const guildId of guilds) {
    expect(await vaultWith(...masterKeys).open(guildId)).toMatchObject({ secret: secretOf(guildId) });
  }
}

describe('rotate', () => {
  it('encrypts every key with the first master key, and tells the same about it as before', async () => {
    await keepAll(k1);
    const facts = await vaultWith().facts(guilds[0]!);
    expect(await storedKeys([k2, k1]).rotate()).toEqual({ resealed: 3, current: 0, unreadable: 0 });
    await expectAllOpenWith(k2);
    expect(await vaultWith().facts(guilds[0]!)).toEqual(facts);
  });

  it('leaves alone what is encrypted with it already', async () => {
    await keepAll(k2);
    const before = await rows();
    expect(await storedKeys([k2, k1]).rotate()).toEqual({ resealed: 0, current: 3, unreadable: 0 });
    expect(await rows()).toEqual(before);
  });

  it('loses nothing when it ends in the middle, and goes on from there', async () => {
    await keepAll(k1);
    let left = 1;
    const dying: KeyvAdapter = {
      ...storage(),
      replace: async (key, change) => {
        if (left-- === 0) throw new Error('killed');
        return storage().replace(key, change);
      },
    };
    await expect(storedKeys([k2, k1], dying).rotate()).rejects.toThrow('killed');
    await expectAllOpenWith(k2, k1);
    expect(await storedKeys([k2, k1]).rotate()).toEqual({ resealed: 2, current: 1, unreadable: 0 });
    await expectAllOpenWith(k2);
  });

  it('does not bring back a key that an admin replaces meanwhile', async () => {
    await keepAll(k1);
    const slow: KeyvAdapter = {
      ...storage(),
      replace: async (key, change) => {
        if (key.endsWith(guilds[1]!)) await vaultWith(k1).keep(guilds[1]!, 'another-key-of-theirs', ada);
        slow.replace = (other, again) => storage().replace(other, again);
        return storage().replace(key, change);
      },
    };
    await vaultWith(k1).forget(guilds[0]!);
    await storedKeys([k2, k1], slow).rotate();
    expect(await vaultWith(k2).open(guilds[1]!)).toMatchObject({ secret: 'another-key-of-theirs' });
    expect(await vaultWith(k2).open(guilds[2]!)).toMatchObject({ secret: secretOf(guilds[2]!) });
  });

  it.each([
    ['whose master key is lost', (text: string) => text.replace('"kid":"k1"', '"kid":"k0"')],
    ['that was changed', (text: string) => text.replace(/"tag":"./, (start) => `${start.slice(0, -1)}_`)],
    ['that is no JSON', () => '\u00ff'],
  ])('counts a record %s, leaves it as it is, and goes on with the others', async (_what, spoil) => {
    await keepAll(k1);
    const [first] = await rows();
    const spoiled = spoil(first!.value);
    await db.updateTable('settings').set({ value: spoiled }).where('key', '=', first!.key).execute();
    expect(await storedKeys([k2, k1]).countUnreadable()).toBe(1);
    expect(await storedKeys([k2, k1]).rotate()).toEqual({ resealed: 2, current: 0, unreadable: 1 });
    expect((await rows())[0]).toMatchObject({ value: spoiled });
    await vaultWith(k2).keep(guilds[0]!, secretOf(guilds[0]!), ada);
    await expectAllOpenWith(k2);
  });

  it('does not encrypt anew what was copied from another server', async () => {
    await vaultWith(k1).keep(guilds[0]!, secretOf(guilds[0]!), ada);
    await storage().set(`api-key:${guilds[1]!}`, (await rows())[0]!.value);
    expect(await storedKeys([k2, k1]).rotate()).toEqual({ resealed: 1, current: 0, unreadable: 1 });
    await expect(vaultWith(k2, k1).open(guilds[1]!)).rejects.toThrow(/cannot be read/);
  });
});

describe('forgetMember', () => {
  it('takes out who set a key, and leaves the key and what others set', async () => {
    await keepAll(k1);
    await vaultWith(k1).keep(guilds[1]!, secretOf(guilds[1]!), 'eve' as MemberId);
    await storedKeys([k1]).forgetMember(ada);
    expect(JSON.stringify(await rows())).not.toContain('"ada"');
    expect(await vaultWith(k1).facts(guilds[1]!)).toMatchObject({ setBy: 'eve' });
    await expectAllOpenWith(k1);
  });
});

describe('the first key', () => {
  it('is the one that the bot noted at its start, or another', async () => {
    expect(await findOtherFirstKey(storage(), [k1])).toBe('none');
    await noteFirstKey(storage(), [k1, k2]);
    expect(await findOtherFirstKey(storage(), [k1])).toBeUndefined();
    expect(await findOtherFirstKey(storage(), [k2, k1])).toBe('k1');
    expect(await findOtherFirstKey(storage(), [masterKey('k1', 9)])).toBe('k1');
  });

  it('is noted without anything that leads back to it', async () => {
    await noteFirstKey(storage(), [k1]);
    const stored = JSON.stringify(await rows());
    for (const encoding of ['hex', 'base64'] as const)
      expect(stored).not.toContain(k1.secret.export().toString(encoding).slice(0, 12));
  });
});
