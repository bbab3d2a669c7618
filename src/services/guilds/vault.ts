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

export type Purpose = keyof typeof purposes;

const purposes = {
  modelslab: {
    namespace: 'api-key',
    named: 'API key',
    source: 'the API keys page of ModelsLab',
    command: '/config key',
  },
  wandb: {
    namespace: 'wandb-key',
    named: 'Weights & Biases key',
    source: 'wandb.ai/authorize',
    command: '/config wandb',
  },
} as const;

/** Whose the secret is and what it is for. */
interface Binding {
  readonly guildId: GuildId;
  readonly purpose: Purpose;
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

export function createVault({ purpose, storage, masterKeys, clock, secrets }: VaultDeps): Vault {
  const { namespace, source } = purposes[purpose];
  const records = new Keyv<unknown>({ store: storage, namespace, throwOnErrors: true });

  async function read(guildId: GuildId): Promise<KeyRecord | undefined> {
    const stored = await records.get(guildId);
    if (stored === undefined) return undefined;
    const { data } = recordSchema.safeParse(stored);
    if (data === undefined) throw unreadable(purpose);
    return data;
  }

  return {
    keep: async (guildId, pasted, setBy) => {
      const secret = parseApiKey(pasted, source);
      secrets.add(secret);
      const facts = { lastFour: secret.slice(-4), fingerprint: fingerprintOf(secret), setBy, setAt: clock.now() };
      const record: KeyRecord = { ...seal(secret, { guildId, purpose }, masterKeys), ...facts };
      await records.set(guildId, record);
      return facts;
    },
    open: async (guildId) => {
      const record = await read(guildId);
      if (record === undefined) return undefined;
      const secret = unseal(record, { guildId, purpose }, masterKeys);
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

/** A record that is copied to another server or purpose does not open there. */
function contextOf({ guildId, purpose }: Binding): Buffer {
  return Buffer.from(`v1|${purpose}|guild:${guildId}`);
}

/** One key for each server and purpose, so that no key of ours encrypts so much that random IVs could meet. */
function keyFor(binding: Binding, { secret }: MasterKey): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', contextOf(binding), 32));
}

function seal(secret: string, binding: Binding, [masterKey]: readonly MasterKey[]): Sealed {
  if (masterKey === undefined) throw new Error('Cannot encrypt a key: there is no master key');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFor(binding, masterKey), iv, { authTagLength: 16 });
  cipher.setAAD(contextOf(binding));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return {
    kid: masterKey.id,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    sealed: sealed.toString('base64'),
  };
}

function unseal({ kid, iv, tag, sealed }: Sealed, binding: Binding, masterKeys: readonly MasterKey[]): string {
  const masterKey = masterKeys.find(({ id }) => id === kid);
  if (masterKey === undefined) throw unreadable(binding.purpose);
  try {
    const key = keyFor(binding, masterKey);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(contextOf(binding)).setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]).toString('utf8');
  } catch (error) {
    throw unreadable(binding.purpose, error);
  }
}

function unreadable(purpose: Purpose, cause?: unknown): UserError {
  const { named, command } = purposes[purpose];
  return new UserError(
    `The ${named} stored for this server cannot be read. Someone who manages the server can set it again with ${command}.`,
    { cause },
  );
}
