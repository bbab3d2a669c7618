import { UserError } from '../../lib/errors.ts';
import type { GuildId } from '../../lib/ids.ts';
import type { Vault } from './vault.ts';
import type { ApiKey } from '../modelslab/training-api.ts';

/** A key that cannot be decrypted helps as little as none, and the advice is the same: an admin sets it again. */
export async function findKey(guildId: GuildId, vault: Pick<Vault, 'open'>): Promise<ApiKey | undefined> {
  return vault.open(guildId).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
}
