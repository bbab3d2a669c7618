import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Keyv } from 'keyv';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import type { GuildId, MemberId } from '../../lib/ids.ts';
import { fingerprintOf, parseApiKey } from './api-key.ts';
import type { KeyFacts, Vault } from './guilds.ts';
import type { KeyvAdapter } from './keyv-adapter.ts';
import type { MasterKey } from './master-keys.ts';

export interface VaultDeps {
  /** Its own: Keyv puts its namespace on it. */
  readonly storage: KeyvAdapter;
  /** At least one. The first encrypts, all decrypt. */
  readonly masterKeys: readonly MasterKey[];
  readonly clock: Pick<Clock, 'now'>;
  /** Learns each key before anybody else gets it, so that no log line can hold it. */
  readonly secrets: { add(secret: string): void };
}

const recordSchema = z.object({
  kid: z.string(),
  iv: z.base64(),
  tag: z.base64(),
  sealed: z.base64(),
  lastFour: z.string(),
  fingerprint: z.string(),
  setBy: z.string().transform((id) => id as MemberId),
  setAt: z.number(),
});

type KeyRecord = z.infer<typeof recordSchema>;
type Sealed = Pick<KeyRecord, 'kid' | 'iv' | 'tag' | 'sealed'>;

export function createVault({ storage, masterKeys, clock, secrets }: VaultDeps): Vault {
  const records = new Keyv<unknown>({ store: storage, namespace: 'api-key', throwOnErrors: true });

  async function read(guildId: GuildId): Promise<KeyRecord | undefined> {
    const stored = await records.get(guildId);
    if (stored === undefined) return undefined;
    const { data } = recordSchema.safeParse(stored);
    if (data === undefined) throw unreadable();
    return data;
  }

  return {
    keep: async (guildId, pasted, setBy) => {
      const secret = parseApiKey(pasted);
      secrets.add(secret);
      const facts = { lastFour: secret.slice(-4), fingerprint: fingerprintOf(secret), setBy, setAt: clock.now() };
      const record: KeyRecord = { ...seal(secret, guildId, masterKeys), ...facts };
      await records.set(guildId, record);
      return facts;
    },
    open: async (guildId) => {
      const record = await read(guildId);
      if (record === undefined) return undefined;
      const secret = unseal(record, guildId, masterKeys);
      secrets.add(secret);
      return { secret, fingerprint: record.fingerprint };
    },
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

/** Bound to what it is and whose it is: a record copied to another server does not open there. */
function purposeOf(guildId: GuildId): Buffer {
  return Buffer.from(`v1|modelslab|guild:${guildId}`);
}

/** One key a server, so that no key of ours encrypts so much that random IVs could meet. */
function guildKey({ secret }: MasterKey, guildId: GuildId): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purposeOf(guildId), 32));
}

function seal(secret: string, guildId: GuildId, [masterKey]: readonly MasterKey[]): Sealed {
  if (masterKey === undefined) throw new Error('Cannot encrypt a key: there is no master key');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', guildKey(masterKey, guildId), iv, { authTagLength: 16 });
  cipher.setAAD(purposeOf(guildId));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return {
    kid: masterKey.id,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    sealed: sealed.toString('base64'),
  };
}

function unseal({ kid, iv, tag, sealed }: Sealed, guildId: GuildId, masterKeys: readonly MasterKey[]): string {
  const masterKey = masterKeys.find(({ id }) => id === kid);
  if (masterKey === undefined) throw unreadable();
  try {
    const key = guildKey(masterKey, guildId);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(purposeOf(guildId)).setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]).toString('utf8');
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(cause?: unknown): UserError {
  return new UserError(
    'The API key stored for this server cannot be read. Someone who manages the server can set it again with /config key.',
    { cause },
  );
}
