import { Keyv } from 'keyv';
import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import type { GuildId, MemberId } from '../../lib/ids.ts';
import type { ApiKey } from '../modelslab/training-api.ts';
import { fingerprintOf, parseApiKey } from './api-key.ts';
import { decrypt, encrypt, purposes, recordSchema, type KeyRecord, type Purpose } from './encryption.ts';
import type { KeyvAdapter } from './keyv-adapter.ts';
import type { MasterKey } from './master-keys.ts';

/** What may be told about a key. */
export interface KeyFacts {
  readonly lastFour: string;
  readonly fingerprint: string;
  /** Absent when that member had what is kept about them erased. */
  readonly setBy?: MemberId | undefined;
  readonly setAt: number;
}

/** Keeps one secret of each server, encrypted and bound to that server and to what it is for. */
export interface Vault {
  /** Encrypts and stores; replaces the key that was there. Durable when it resolves. */
  keep(guildId: GuildId, secret: string, setBy: MemberId): Promise<KeyFacts>;
  /** Undefined when the server has no key. Rejects with `UserError` when the record cannot be decrypted. */
  open(guildId: GuildId): Promise<ApiKey | undefined>;
  /** As `open`, and undefined for a record that cannot be decrypted: it helps as little as none, and an admin sets it again. */
  find(guildId: GuildId): Promise<ApiKey | undefined>;
  facts(guildId: GuildId): Promise<KeyFacts | undefined>;
  forget(guildId: GuildId): Promise<void>;
}

export interface VaultDeps {
  /** What the keys in it are for: a record that is copied to another purpose does not open there. */
  readonly purpose: Purpose;
  /** Its own: Keyv puts its namespace on it. */
  readonly storage: KeyvAdapter;
  /** At least one. The first encrypts, all decrypt. */
  readonly masterKeys: readonly MasterKey[];
  readonly clock: Pick<Clock, 'now'>;
  /** Learns each key before anybody else gets it, so that no log line can hold it. */
  readonly secrets: { add(secret: string): void };
}

export function createVault({ purpose, storage, masterKeys, clock, secrets }: VaultDeps): Vault {
  const { namespace, source } = purposes[purpose];
  const records = new Keyv<unknown>({ store: storage, namespace, throwOnErrors: true });

  async function read(guildId: GuildId): Promise<KeyRecord | undefined> {
    const stored = await records.get(guildId).catch((error: unknown) => {
      throw error instanceof SyntaxError ? unreadable(purpose, error) : error; // A damaged row is no JSON any more.
    });
    if (stored === undefined) return undefined;
    const { data } = recordSchema.safeParse(stored);
    if (data === undefined) throw unreadable(purpose);
    return data;
  }

  function openRecord(record: KeyRecord, guildId: GuildId): string {
    try {
      return decrypt(record, { guildId, purpose }, masterKeys);
    } catch (error) {
      throw unreadable(purpose, error);
    }
  }

  async function open(guildId: GuildId): Promise<ApiKey | undefined> {
    const record = await read(guildId);
    if (record === undefined) return undefined;
    const secret = openRecord(record, guildId);
    secrets.add(secret);
    return { secret, fingerprint: record.fingerprint };
  }

  return {
    keep: async (guildId, pasted, setBy) => {
      const secret = parseApiKey(pasted, source);
      secrets.add(secret);
      const facts = { lastFour: secret.slice(-4), fingerprint: fingerprintOf(secret), setBy, setAt: clock.now() };
      const record: KeyRecord = { ...encrypt(secret, { guildId, purpose }, masterKeys), ...facts };
      await records.set(guildId, record);
      return facts;
    },
    open,
    find: (guildId) =>
      open(guildId).catch((error: unknown) => {
        if (error instanceof UserError) return undefined;
        throw error;
      }),
    facts: async (guildId) => {
      const record = await read(guildId);
      return record && factsOf(record);
    },
    forget: async (guildId) => {
      await records.delete(guildId);
    },
  };
}

function factsOf({ lastFour, fingerprint, setBy, setAt }: KeyRecord): KeyFacts {
  return { lastFour, fingerprint, setBy, setAt };
}

function unreadable(purpose: Purpose, cause?: unknown): UserError {
  const { named, command } = purposes[purpose];
  return new UserError(
    `The ${named} stored for this server cannot be read. Someone who manages the server can set it again with ${command}.`,
    { cause },
  );
}
