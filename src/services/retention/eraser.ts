import type { GuildId } from '../../lib/ids.ts';
import type { JobStore } from '../jobs/store/job-store.ts';
import type { SettingsStore } from '../guilds/guild-settings.ts';
import type { Vault } from '../guilds/vault.ts';

/** Erases all that is kept about a server. The ledger of what was billed stays; it names no person. */
export interface GuildEraser {
  forget(guildId: GuildId): Promise<void>;
}

export interface EraserDeps {
  readonly jobs: Pick<JobStore, 'forget'>;
  readonly settings: Pick<SettingsStore, 'forget'>;
  readonly vault: Pick<Vault, 'forget'>;
  readonly wandb: Pick<Vault, 'forget'>;
  /** What was erased still stands in the database's log until that is emptied. */
  readonly emptyLog: () => Promise<void>;
}

/** The keys go first: whatever fails after that, nothing can be spent any more. */
export function createGuildEraser({ jobs, settings, vault, wandb, emptyLog }: EraserDeps): GuildEraser {
  return {
    forget: async (guildId) => {
      await vault.forget(guildId);
      await wandb.forget(guildId);
      await jobs.forget(guildId);
      await settings.forget(guildId);
      await emptyLog();
    },
  };
}
