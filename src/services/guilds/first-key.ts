import type { KeyvAdapter } from './keyv-adapter.ts';
import type { MasterKey } from './master-keys.ts';
import { markOf } from './encryption.ts';

/*
 * Which master key the bot encrypts with, as of its last start. Whoever takes an older one away must know it: a bot that
 * still encrypts with that one would store what nobody can read after its next start.
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
