import { Keyv } from 'keyv';
import type { Clock } from '../../lib/clock.ts';
import type { GuildId, MemberId } from '../../lib/ids.ts';
import type { Log } from '../../lib/logger.ts';
import type { Database } from '../database/database.ts';
import { decrypt, encrypt, markOf, purposes, recordSchema, type KeyRecord, type Purpose } from './encryption.ts';
import { createKeyvAdapter, type KeyvAdapter } from './keyv-adapter.ts';
import type { MasterKey } from './master-keys.ts';

/** What became of the stored keys of one purpose. */
export interface Rotation {
  readonly resealed: number;
  /** They were encrypted with the first master key already. */
  readonly current: number;
  /** They were left as they are: no master key opens them. */
  readonly unreadable: number;
}

/** Work on the keys of all servers, while others may use and change them. */
export interface StoredKeys {
  /** Encrypts every record that can be read with the first master key. What a kill leaves undone, the next call does. */
  rotate(): Promise<Rotation>;
  countUnreadable(): Promise<number>;
  /** Takes a member's id out of what is told about keys. The keys stay. */
  forgetMember(memberId: MemberId): Promise<void>;
}

export interface StoredKeysDeps {
  readonly purpose: Purpose;
  /** Its own: Keyv puts its namespace on it. */
  readonly storage: KeyvAdapter;
  /** At least one. The first encrypts, all decrypt. */
  readonly masterKeys: readonly MasterKey[];
}

interface Entry {
  readonly key: string;
  readonly guildId: GuildId;
  readonly before: string;
  /** Undefined when it has no shape that we know. */
  readonly record: KeyRecord | undefined;
}

export function createStoredKeys({ purpose, storage, masterKeys }: StoredKeysDeps): StoredKeys {
  const { namespace } = purposes[purpose];
  const records = new Keyv<unknown>({ store: storage, namespace, throwOnErrors: true });

  async function entryOf(key: string, before: string): Promise<Entry> {
    const stored = await records.deserializeData<unknown>(before).catch(() => undefined); // A damaged row is no JSON.
    const guildId = key.slice(namespace.length + 1) as GuildId;
    return { key, guildId, before, record: recordSchema.safeParse(stored?.value).data };
  }

  async function* entries(): AsyncGenerator<Entry, void> {
    for await (const [key, value] of storage.iterator(namespace)) yield await entryOf(key, value);
  }

  function findSecret({ guildId, record }: Entry): string | undefined {
    try {
      return record && decrypt(record, { guildId, purpose }, masterKeys);
    } catch {
      return undefined;
    }
  }

  /** `change` meets the record as it is then: an admin may set another key meanwhile. */
  async function changeRecord(entry: Entry, change: (entry: Entry) => KeyRecord | undefined): Promise<void> {
    const after = change(entry);
    if (after === undefined) return;
    const text = await records.serializeData({ value: after }); // Text, as long as nobody gives Keyv another form.
    if (await storage.replace(entry.key, { before: entry.before, after: text as string })) return;
    const now = await storage.get(entry.key);
    if (now !== undefined) await changeRecord(await entryOf(entry.key, now), change);
  }

  function resealed(entry: Entry): KeyRecord | undefined {
    const secret = findSecret(entry);
    if (secret === undefined || entry.record === undefined || isCurrent(entry.record)) return undefined;
    return { ...entry.record, ...encrypt(secret, { guildId: entry.guildId, purpose }, masterKeys) };
  }

  const isCurrent = ({ kid }: KeyRecord) => kid === masterKeys[0]?.id;

  return {
    rotate: async () => {
      const count = { resealed: 0, current: 0, unreadable: 0 };
      for await (const entry of entries()) {
        if (findSecret(entry) === undefined) count.unreadable++;
        else if (entry.record && isCurrent(entry.record)) count.current++;
        else count.resealed++;
        await changeRecord(entry, resealed);
      }
      return count;
    },
    countUnreadable: async () => {
      let count = 0;
      for await (const entry of entries()) if (findSecret(entry) === undefined) count++;
      return count;
    },
    forgetMember: async (memberId) => {
      for await (const entry of entries()) {
        await changeRecord(entry, ({ record }) => {
          if (record?.setBy !== memberId) return undefined;
          const { setBy, ...rest } = record;
          return rest;
        });
      }
    },
  };
}

/*
 * Which master key the bot encrypts with, as of its last start. Removing an older one requires to know it: a bot that
 * still encrypts with that one would store keys that cannot be read after its next start.
 */

/** It stands beside the settings, without a namespace of theirs. */
const row = 'first-master-key';

export async function noteFirstKey(storage: Pick<KeyvAdapter, 'set'>, keys: readonly MasterKey[]): Promise<void> {
  if (keys[0]) await storage.set(row, markOf(keys[0]));
}

/** The name of the key that the bot encrypts with when it is another one than the first of these; undefined when it is. */
export async function findOtherFirstKey(
  storage: Pick<KeyvAdapter, 'get'>,
  keys: readonly MasterKey[],
): Promise<string | undefined> {
  const noted = (await storage.get(row)) ?? 'none';
  return keys[0] && noted === markOf(keys[0]) ? undefined : noted.replace(/:.*$/, '');
}

interface KeyCheckDeps {
  readonly db: Database;
  readonly masterKeys: readonly MasterKey[];
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** At the start. Keys that cannot be read stay where they are: the master key that fits may come back. */
export async function checkStoredKeys({ db, masterKeys, clock, log }: KeyCheckDeps): Promise<void> {
  const unreadable = (purpose: Purpose) =>
    createStoredKeys({ purpose, storage: createKeyvAdapter(db, clock), masterKeys }).countUnreadable();
  const [modelslab, wandb] = [await unreadable('modelslab'), await unreadable('wandb')];
  if (modelslab + wandb > 0) {
    log.error(
      { modelslab, wandb },
      'stored keys of so many servers cannot be decrypted: bring back the master keys that encrypted them and restart, or have them set again with /config key and /config wandb',
    );
  }
  await noteFirstKey(createKeyvAdapter(db, clock), masterKeys);
}
