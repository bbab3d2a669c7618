import { UserError } from '../../../lib/errors.ts';
import type { GuildId } from '../../../lib/ids.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { OrderChange } from '../state/order.ts';
import { isAllowed, peopleRefused } from '../state/subjects.ts';

interface AllowedChoicesDeps {
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly wandb: Pick<Vault, 'facts'>;
}

/** Asked for before anything is stored. A draft from before the admins' choice may still be changed, but not started. */
export function createDemandAllowed({ settings, wandb }: AllowedChoicesDeps) {
  return async ({ subject, report }: OrderChange, guildId: GuildId): Promise<void> => {
    if (subject !== undefined && !isAllowed(subject, await settings.get(guildId))) throw new UserError(peopleRefused);
    if (report === 'yes' && !(await wandb.facts(guildId))) throw new UserError(noWandbKey);
  };
}

const noWandbKey =
  'This server has no Weights & Biases key, so a training cannot be reported there. Nothing was changed. An admin sets one with /config wandb.';
