import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../database/database.ts';
import { noteFirstKey } from './first-key.ts';
import { createKeyvAdapter } from './keyv-adapter.ts';
import type { MasterKey } from './master-keys.ts';
import type { Purpose } from './encryption.ts';
import { createStoredKeys } from './stored-keys.ts';

interface KeyCheckDeps {
  readonly db: Database;
  readonly masterKeys: readonly MasterKey[];
  readonly clock: Pick<Clock, 'now'>;
  readonly log: { error(fields: object, text: string): void };
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
