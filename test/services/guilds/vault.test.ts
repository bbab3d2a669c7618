import { createSecretKey } from 'node:crypto';
import { Keyv } from 'keyv';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { UserError } from '../../../src/lib/errors.ts';
import type { GuildId, MemberId } from '../../../src/lib/ids.ts';
import { openDatabase, type Database } from '../../../src/services/database/database.ts';
import type { Purpose } from '../../../src/services/guilds/encryption.ts';
import { createKeyvAdapter } from '../../../src/services/guilds/keyv-adapter.ts';
import type { MasterKey } from '../../../src/services/guilds/master-keys.ts';
import { createVault, type Vault } from '../../../src/services/guilds/vault.ts';

const guild = '111111111111111111' as GuildId;
const other = '222222222222222222' as GuildId;
const admin = '333333333333333333' as MemberId;
const secret = 'Zq7xLm2p9RtvW5yB8dF3g';
const k1 = masterKey('k1', 1);
const k2 = masterKey('k2', 2);
const unreadable = /^The API key stored for this server cannot be read\. .* set it again with \/config key\.$/;

let db: Database;
let told: string[];

beforeEach(async () => {
  db = await openDatabase('sqlite::memory:');
  told = [];
  return () => db.destroy();
});

function masterKey(id: string, byte: number): MasterKey {
  return { id, secret: createSecretKey(Buffer.alloc(32, byte)) };
}

function vaultWith(...masterKeys: MasterKey[]): Vault {
  return vaultFor('modelslab', ...masterKeys);
}

function vaultFor(purpose: Purpose, ...masterKeys: MasterKey[]): Vault {
  return createVault({
    purpose,
    storage: createKeyvAdapter(db, systemClock),
    masterKeys,
    clock: { now: () => 1_000 },
    secrets: { add: (opened) => void told.push(opened) },
  });
}

function records(): Keyv {
  return new Keyv({ store: createKeyvAdapter(db, systemClock), namespace: 'api-key' });
}

async function expectUnreadable(opening: Promise<unknown>): Promise<void> {
  const error: unknown = await opening.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(unreadable);
}

describe('createVault', () => {
  it('gives back the key that was kept, without the blanks around it', async () => {
    const vault = vaultWith(k1);
    const facts = await vault.keep(guild, ` ${secret}\n`, admin);
    expect(await vault.open(guild)).toEqual({ secret, fingerprint: facts.fingerprint });
  });

  it('has no key for a server that set none', async () => {
    const vault = vaultWith(k1);
    expect(await vault.open(guild)).toBeUndefined();
    expect(await vault.facts(guild)).toBeUndefined();
  });

  it('tells who set the key and when, and its last four characters, without opening it', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    const facts = await vaultWith().facts(guild);
    expect(facts).toEqual({ lastFour: 'dF3g', fingerprint: expect.any(String), setBy: admin, setAt: 1_000 });
    expect(JSON.stringify(facts)).not.toContain(secret.slice(0, -4));
  });

  it('stores neither the key nor a form of it that can be turned back', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    const stored = JSON.stringify(await db.selectFrom('settings').selectAll().execute());
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  });

  it('encrypts the same key differently each time, so that nobody sees who shares one', async () => {
    const vault = vaultWith(k1);
    await vault.keep(guild, secret, admin);
    const first = (await records().get<Record<string, string>>(guild))!;
    await vault.keep(guild, secret, admin);
    const second = (await records().get<Record<string, string>>(guild))!;
    expect(second['iv']).not.toBe(first['iv']);
    expect(second['sealed']).not.toBe(first['sealed']);
  });

  it('gives the same key the same fingerprint on every server and under every master key', async () => {
    const here = await vaultWith(k1).keep(guild, secret, admin);
    const there = await vaultWith(k2).keep(other, secret, admin);
    const different = await vaultWith(k1).keep(guild, `${secret}x`, admin);
    expect(there.fingerprint).toBe(here.fingerprint);
    expect(different.fingerprint).not.toBe(here.fingerprint);
  });

  it('tells the log to hide a key before it gives it to anybody', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    expect(told).toEqual([secret]);
    await vaultWith(k1).open(guild);
    expect(told).toEqual([secret, secret]);
  });

  it('replaces and forgets', async () => {
    const vault = vaultWith(k1);
    await vault.keep(guild, secret, admin);
    await vault.keep(guild, 'another-key-of-theirs', admin);
    expect(await vault.open(guild)).toMatchObject({ secret: 'another-key-of-theirs' });
    await vault.forget(guild);
    expect(await vault.open(guild)).toBeUndefined();
    expect(await db.selectFrom('settings').selectAll().execute()).toEqual([]);
  });

  it('keeps the keys for each purpose apart', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    const wandb = vaultFor('wandb', k1);
    expect(await wandb.facts(guild)).toBeUndefined();
    await wandb.keep(guild, 'a-key-of-weights-and-biases', admin);
    await wandb.forget(guild);
    expect(await vaultWith(k1).open(guild)).toMatchObject({ secret });
  });

  it('opens no record that was copied to another purpose, and says which key to set again', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    const stored: unknown = await records().get(guild);
    await new Keyv({ store: createKeyvAdapter(db, systemClock), namespace: 'wandb-key' }).set(guild, stored);
    const opening = vaultFor('wandb', k1).open(guild);
    await expect(opening).rejects.toBeInstanceOf(UserError);
    await expect(opening).rejects.toThrow(/^The Weights & Biases key .* cannot be read\. .*\/config wandb\.$/);
  });

  it('keeps nothing that is no key', async () => {
    const vault = vaultWith(k1);
    await expect(vault.keep(guild, 'short', admin)).rejects.toBeInstanceOf(UserError);
    expect(await vault.open(guild)).toBeUndefined();
  });
});

describe('master keys', () => {
  it('encrypt with the first and decrypt with all, so that they can be replaced one after the other', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    await vaultWith(k2, k1).keep(other, secret, admin);
    expect(await vaultWith(k2, k1).open(guild)).toMatchObject({ secret });
    expect(await vaultWith(k2).open(other)).toMatchObject({ secret });
  });

  it('that are missing or changed end in a text for an admin', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    await expectUnreadable(vaultWith(k2).open(guild));
    await expectUnreadable(vaultWith(masterKey('k1', 9)).open(guild));
  });

  it('that are missing help whoever only looks for the key as little as none', async () => {
    await vaultWith(k1).keep(guild, secret, admin);
    expect(await vaultWith(k1).find(guild)).toMatchObject({ secret });
    expect(await vaultWith(k2).find(guild)).toBeUndefined();
    await db.destroy();
    await expect(vaultWith(k1).find(guild)).rejects.toThrow();
  });
});

describe('a record that was tampered with', () => {
  it('does not open for another server', async () => {
    const vault = vaultWith(k1);
    await vault.keep(guild, secret, admin);
    await records().set(other, await records().get(guild));
    await expectUnreadable(vault.open(other));
    expect(told).toEqual([secret]);
  });

  it.each(['iv', 'tag', 'sealed', 'kid'])('does not open when its %s is another', async (field) => {
    const vault = vaultWith(k1);
    await vault.keep(guild, secret, admin);
    const record = (await records().get<Record<string, string>>(guild))!;
    const bytes = Buffer.from(record[field]!, 'base64');
    bytes[0]! ^= 1;
    await records().set(guild, { ...record, [field]: bytes.toString('base64') });
    await expectUnreadable(vault.open(guild));
  });

  it('does not open with a tag cut short, which would be easier to forge', async () => {
    const vault = vaultWith(k1);
    await vault.keep(guild, secret, admin);
    const record = (await records().get<Record<string, string>>(guild))!;
    const tag = Buffer.from(record['tag']!, 'base64').subarray(0, 4).toString('base64');
    await records().set(guild, { ...record, tag });
    await expectUnreadable(vault.open(guild));
  });

  it.each([
    ['no known shape', '{"value":{"v":9}}'],
    ['no JSON', 'k\u00ff{'],
  ])('of %s does not open, and can be replaced', async (_what, value) => {
    const vault = vaultWith(k1);
    await db
      .insertInto('settings')
      .values({ key: `api-key:${guild}`, value, expires_at: null })
      .execute();
    await expectUnreadable(vault.open(guild));
    await expectUnreadable(vault.facts(guild));
    await vault.keep(guild, secret, admin);
    expect(await vault.open(guild)).toMatchObject({ secret });
  });
});
