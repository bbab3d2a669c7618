import type { GuildId, MemberId } from '../../lib/ids.ts';
import type { SettingsStore } from '../guilds/guild-settings.ts';
import type { StoredKeys } from '../guilds/stored-keys.ts';
import type { Vault } from '../guilds/vault.ts';
import type { JobStore } from '../jobs/store/job-store.ts';
import type { MemberData, StoredData } from './stored-data.ts';

/** Erases all that is kept about a server. The ledger of what was billed stays; it names no person. */
export type ForgetGuild = (guildId: GuildId) => Promise<void>;

export interface ForgetGuildDeps {
  readonly jobs: Pick<JobStore, 'forget'>;
  readonly settings: Pick<SettingsStore, 'forget'>;
  readonly vault: Pick<Vault, 'forget'>;
  readonly wandb: Pick<Vault, 'forget'>;
  /** What was erased still stands in the database's log until that is emptied. */
  readonly emptyLog: () => Promise<void>;
}

/** The keys go first: whatever fails after that, nothing can be spent any more. */
export function createForgetGuild({ jobs, settings, vault, wandb, emptyLog }: ForgetGuildDeps): ForgetGuild {
  return async (guildId) => {
    await vault.forget(guildId);
    await wandb.forget(guildId);
    await jobs.forget(guildId);
    await settings.forget(guildId);
    await emptyLog();
  };
}

/** What is kept about one person, in every server that has the bot, and how they have it erased. */
export interface MemberEraser {
  dataOf(memberId: MemberId): Promise<MemberData>;
  /** Erases all of it, but orders under way and the ledger, which names no person. */
  forget(memberId: MemberId): Promise<void>;
}

export interface MemberEraserDeps {
  readonly storedData: Pick<StoredData, 'ofMember' | 'forgetMember'>;
  /** They know who set them. */
  readonly keys: readonly Pick<StoredKeys, 'forgetMember'>[];
  /** What was erased still stands in the database's log until that is emptied. */
  readonly emptyLog: () => Promise<void>;
}

export function createMemberEraser({ storedData, keys, emptyLog }: MemberEraserDeps): MemberEraser {
  return {
    dataOf: (memberId) => storedData.ofMember(memberId),
    forget: async (memberId) => {
      await storedData.forgetMember(memberId);
      for (const stored of keys) await stored.forgetMember(memberId);
      await emptyLog();
    },
  };
}
