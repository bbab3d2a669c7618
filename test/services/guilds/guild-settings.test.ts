import { Keyv } from 'keyv';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import type { GuildId } from '../../../src/lib/ids.ts';
import { openDatabase, type Database } from '../../../src/services/database/database.ts';
import { createSettingsStore, type SettingsStore } from '../../../src/services/guilds/guild-settings.ts';
import { createKeyvAdapter } from '../../../src/services/guilds/keyv-adapter.ts';

const guild = '111111111111111111' as GuildId;
const other = '222222222222222222' as GuildId;
const defaults = {
  method: 'lora-sdxl',
  crop: 'attention',
  handOver: 'thread',
  threads: 'public',
  subjects: 'everything',
  roles: [],
  channels: [],
  plan: 'pay-as-you-go',
};

let db: Database;
let settings: SettingsStore;

beforeEach(async () => {
  db = await openDatabase('sqlite::memory:');
  settings = createSettingsStore({ storage: createKeyvAdapter(db, systemClock) });
  return () => db.destroy();
});

async function storedByAnotherVersion(row: unknown): Promise<void> {
  const store = createKeyvAdapter(db, systemClock);
  await new Keyv({ store, namespace: 'settings', throwOnErrors: true }).set(guild, row);
}

describe('createSettingsStore', () => {
  it('has settings for a server that never chose any', async () => {
    expect(await settings.get(guild)).toEqual(defaults);
  });

  it('changes what was chosen, keeps the rest, and answers with all of it', async () => {
    await settings.change(guild, { crop: 'centre' });
    const changed = await settings.change(guild, { method: 'dreambooth', baseModel: 'portraitplus-diffusion' });
    expect(changed).toEqual({
      ...defaults,
      crop: 'centre',
      method: 'dreambooth',
      baseModel: 'portraitplus-diffusion',
    });
    expect(await settings.get(guild)).toEqual(changed);
  });

  it('keeps servers apart', async () => {
    await settings.change(guild, { threads: 'private' });
    expect(await settings.get(other)).toEqual(defaults);
  });

  it('loses neither of two changes that are made at the same moment', async () => {
    await Promise.all([
      settings.change(guild, { crop: 'entropy' }),
      settings.change(guild, { threads: 'private' }),
      settings.change(guild, { handOver: 'upload' }),
    ]);
    expect(await settings.get(guild)).toEqual({
      ...defaults,
      crop: 'entropy',
      threads: 'private',
      handOver: 'upload',
    });
  });

  it('falls back for the one field that it cannot read, and for no other', async () => {
    await storedByAnotherVersion({ method: 'gone-since', crop: 'centre', threads: 7, baseModel: '' });
    expect(await settings.get(guild)).toEqual({ ...defaults, crop: 'centre' });
  });

  it('keeps what it does not know, so that a newer version finds it again', async () => {
    await storedByAnotherVersion({ crop: 'centre', spendingLimit: 20, method: 'newer-than-us' });
    await settings.change(guild, { threads: 'private' });
    const raw = await db.selectFrom('settings').select('value').executeTakeFirstOrThrow();
    expect(JSON.parse(raw.value)).toMatchObject({ value: { spendingLimit: 20, method: 'newer-than-us' } });
  });

  it('forgets a server, and only that one', async () => {
    await settings.change(guild, { crop: 'centre' });
    await settings.change(other, { crop: 'centre' });
    await settings.forget(guild);
    expect(await settings.get(guild)).toEqual(defaults);
    expect(await settings.get(other)).toMatchObject({ crop: 'centre' });
  });

  it('rejects when the database cannot be read, instead of answering with defaults', async () => {
    await db.schema.dropTable('settings').execute();
    await expect(settings.get(guild)).rejects.toThrow(/no such table/);
    await expect(settings.change(guild, { crop: 'centre' })).rejects.toThrow(/no such table/);
  });

  it('rejects a row that is no object, instead of answering with defaults', async () => {
    await storedByAnotherVersion('nonsense');
    await expect(settings.get(guild)).rejects.toThrow();
  });

  it('goes on after a change that failed', async () => {
    await storedByAnotherVersion('nonsense');
    await expect(settings.change(guild, { crop: 'centre' })).rejects.toThrow();
    await settings.forget(guild);
    expect(await settings.change(guild, { crop: 'centre' })).toMatchObject({ crop: 'centre' });
  });

  it('lets nothing through a limit that it cannot read', async () => {
    await storedByAnotherVersion({ memberPerDay: 'few', usdPerMonth: -1, usdPerHourly: '4' });
    expect(await settings.get(guild)).toMatchObject({ memberPerDay: 0, usdPerMonth: 0, usdPerHourly: undefined });
  });

  it('lets nobody but admins train where it cannot read whom they chose', async () => {
    await storedByAnotherVersion({ roles: 'artist', channels: [7] });
    expect(await settings.get(guild)).toMatchObject({ roles: ['unreadable'], channels: ['unreadable'] });
  });

  it('takes a choice of subjects that it cannot read for the stricter one', async () => {
    await storedByAnotherVersion({ subjects: 'animals' });
    expect((await settings.get(guild)).subjects).toBe('no-people');
  });
});
