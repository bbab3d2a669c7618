import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { GuildId, MemberId } from '../../lib/ids.ts';
import type { MasterKey } from './master-keys.ts';

export const purposes = {
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

export type Purpose = keyof typeof purposes;

/** Whose the secret is and what it is for. */
export interface Binding {
  readonly guildId: GuildId;
  readonly purpose: Purpose;
}

/** A secret as it is stored, with what may be told about it. */
export const recordSchema = z.object({
  kid: z.string(),
  iv: z.base64(),
  tag: z.base64(),
  sealed: z.base64(),
  lastFour: z.string(),
  fingerprint: z.string(),
  setBy: z
    .string()
    .transform((id) => id as MemberId)
    .optional(),
  setAt: z.number(),
});

export type KeyRecord = z.infer<typeof recordSchema>;
export type Encrypted = Pick<KeyRecord, 'kid' | 'iv' | 'tag' | 'sealed'>;

/** Encrypts with the first of the master keys, for this server and purpose alone. */
export function encrypt(secret: string, binding: Binding, [masterKey]: readonly MasterKey[]): Encrypted {
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

/** Throws when no master key fits, or when the record was changed or belongs to another server or purpose. */
export function decrypt(
  { kid, iv, tag, sealed }: Encrypted,
  binding: Binding,
  masterKeys: readonly MasterKey[],
): string {
  const masterKey = masterKeys.find(({ id }) => id === kid);
  if (masterKey === undefined) throw new Error('Cannot decrypt a key: its master key is not there');
  const key = keyFor(binding, masterKey);
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
  decipher.setAAD(contextOf(binding)).setAuthTag(Buffer.from(tag, 'base64'));
  return Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]).toString('utf8');
}

/** Tells master keys of one name apart. It does not lead back to the key, which is as random as it is long. */
export function markOf({ id, secret }: MasterKey): string {
  return `${id}:${createHash('sha256').update('darkroom|master|').update(secret.export()).digest('hex').slice(0, 16)}`;
}

/** A record that is copied to another server or purpose does not open there. */
function contextOf({ guildId, purpose }: Binding): Buffer {
  return Buffer.from(`v1|${purpose}|guild:${guildId}`);
}

/** One key for each server and purpose, so that no key of ours encrypts so much that random IVs could meet. */
function keyFor(binding: Binding, { secret }: MasterKey): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', contextOf(binding), 32));
}
