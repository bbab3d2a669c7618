import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../database/database.ts';
import { oneOf } from '../database/one-of.ts';
import type { Tables } from '../database/schema.ts';

/**
 * What Keyv 5 asks of a storage. Keyv's own type is not used: it names the values by the caller's type, but a storage
 * only ever sees the text that Keyv made of them.
 */
export interface KeyvAdapter {
  /** Keyv believes in an iterator only where it knows the dialect. */
  readonly opts: { readonly dialect: 'sqlite' };
  /** Set by Keyv, which makes every storage belong to one Keyv. Keys arrive with it: `namespace:key`. */
  namespace: string | undefined;
  get(key: string): Promise<string | undefined>;
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>;
  set(key: string, value: string, ttlMs?: number): Promise<true>;
  /** All of them or none. */
  setMany(entries: readonly KeyvEntry[]): Promise<void>;
  /** Whether there was one. */
  delete(key: string): Promise<boolean>;
  /** Whether there was any. */
  deleteMany(keys: readonly string[]): Promise<boolean>;
  /** Only this namespace. */
  clear(): Promise<void>;
  has(key: string): Promise<boolean>;
  hasMany(keys: readonly string[]): Promise<boolean[]>;
  /** Every live row of the namespace, also when rows are deleted or expire meanwhile. */
  iterator(namespace?: string): AsyncGenerator<[key: string, value: string], void>;
  /** Errors are thrown, so there is nothing to listen to. */
  on(): KeyvAdapter;
  /** Only where the value is still `before`; whether it was. Keyv has nothing like it. */
  replace(key: string, change: { readonly before: string; readonly after: string }): Promise<boolean>;
}

export interface KeyvEntry {
  readonly key: string;
  readonly value: string;
  readonly ttl?: number | undefined;
}

interface Live {
  readonly eb: ExpressionBuilder<Tables, 'settings'>;
  readonly now: number;
}

const rowsPerPage = 200;

/** Keeps Keyv's entries in the `settings` table. Every failure of the database rejects: none becomes "no such key". */
export function createKeyvAdapter(db: Database, clock: Pick<Clock, 'now'>): KeyvAdapter {
  async function getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    if (keys.length === 0) return [];
    const rows = await db
      .selectFrom('settings')
      .select(['key', 'value'])
      .where('key', 'in', oneOf(keys))
      .where((eb) => isLive({ eb, now: clock.now() }))
      .execute();
    const values = new Map(rows.map(({ key, value }) => [key, value]));
    return keys.map((key) => values.get(key));
  }

  async function setMany(entries: readonly KeyvEntry[]): Promise<void> {
    const now = clock.now();
    await db.transaction().execute(async (trx) => {
      await trx.deleteFrom('settings').where('expires_at', '<=', now).execute();
      for (const { key, value, ttl } of entries) {
        const row = { key, value, expires_at: ttl === undefined ? null : Math.ceil(now + ttl) };
        await trx
          .insertInto('settings')
          .values(row)
          .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
          .execute();
      }
    });
  }

  async function deleteMany(keys: readonly string[]): Promise<boolean> {
    if (keys.length === 0) return false;
    const { numDeletedRows } = await db
      .deleteFrom('settings')
      .where('key', 'in', oneOf(keys))
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }

  /** Reads page by page after the last key seen: an offset would skip rows when earlier ones are deleted meanwhile. */
  async function* iterate(namespace: string | undefined): AsyncGenerator<[string, string], void> {
    let after = '';
    for (;;) {
      const rows = await db
        .selectFrom('settings')
        .select(['key', 'value'])
        .where('key', '>', after)
        .where((eb) => isWithin(eb, namespace))
        .where((eb) => isLive({ eb, now: clock.now() }))
        .orderBy('key')
        .limit(rowsPerPage)
        .execute();
      for (const { key, value } of rows) yield [key, value];
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.key;
    }
  }

  const adapter: KeyvAdapter = {
    opts: { dialect: 'sqlite' },
    namespace: undefined,
    get: async (key) => (await getMany([key]))[0],
    getMany,
    set: async (key, value, ttl) => {
      await setMany([{ key, value, ttl }]);
      return true;
    },
    setMany,
    delete: (key) => deleteMany([key]),
    deleteMany,
    clear: async () => {
      await db
        .deleteFrom('settings')
        .where((eb) => isWithin(eb, adapter.namespace))
        .execute();
    },
    has: async (key) => (await getMany([key]))[0] !== undefined,
    hasMany: async (keys) => (await getMany(keys)).map((value) => value !== undefined),
    iterator: iterate,
    on: () => adapter,
    replace: async (key, { before, after }) => {
      const { numUpdatedRows } = await db
        .updateTable('settings')
        .set({ value: after })
        .where('key', '=', key)
        .where('value', '=', before)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  };
  return adapter;
}

function isLive({ eb, now }: Live): ExpressionWrapper<Tables, 'settings', SqlBool> {
  return eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]);
}

/** A range instead of LIKE: it uses the primary key, and no character of the namespace has a second meaning. */
function isWithin(
  eb: ExpressionBuilder<Tables, 'settings'>,
  namespace: string | undefined,
): ExpressionWrapper<Tables, 'settings', SqlBool> {
  if (namespace === undefined) return eb.and([]);
  // ';' is the character after ':'.
  return eb.and([eb('key', '>=', `${namespace}:`), eb('key', '<', `${namespace};`)]);
}
