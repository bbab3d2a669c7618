import { UserError } from '../../../lib/errors.ts';
import type { ChannelId, GuildId } from '../../../lib/ids.ts';
import type { GuildSettings, SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import { isSubjectAllowed, peopleRefused, type OrderChange } from '../state/order.ts';
import type { Actor } from './job-editor.ts';

/** Where an order is or would be: its thread hangs from this channel. */
interface Place {
  readonly guildId: GuildId;
  readonly channelId: ChannelId;
}

/** Rejects with `UserError` unless the server's admins let this person train there. Asked wherever money may follow. */
export async function demandAccess(
  actor: Actor,
  { guildId, channelId }: Place,
  settings: Pick<SettingsStore, 'get'>,
): Promise<void> {
  if (actor.isAdmin) return; // They could change the rule.
  const { roles, channels } = await settings.get(guildId);
  if (roles.length > 0 && !roles.some((role) => actor.roleIds.includes(role))) throw new UserError(notThey(roles));
  if (channels.length > 0 && !channels.includes(channelId)) throw new UserError(notHere(channels));
}

function notThey(roles: GuildSettings['roles']): string {
  return `Only members with the role ${mentions('@&', roles)} may train here. Ask an admin of this server for it; what you have trained stays yours.`;
}

function notHere(channels: GuildSettings['channels']): string {
  return `The admins of this server allow trainings in ${mentions('#', channels)} only. Use /train there, or ask an admin to allow this channel.`;
}

/** Discord shows the names. */
function mentions(kind: '@&' | '#', ids: readonly string[]): string {
  return ids.map((id) => `<${kind}${id}>`).join(' or ');
}

interface AllowedChoicesDeps {
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly wandb: Pick<Vault, 'facts'>;
}

/** Asked for before anything is stored. A draft from before the admins' choice may still be changed, but not started. */
export async function demandAllowed(
  { subject, report }: OrderChange,
  guildId: GuildId,
  { settings, wandb }: AllowedChoicesDeps,
): Promise<void> {
  if (subject !== undefined && !isSubjectAllowed(subject, await settings.get(guildId)))
    throw new UserError(peopleRefused);
  if (report === 'yes' && !(await wandb.facts(guildId))) throw new UserError(noWandbKey);
}

const noWandbKey =
  'This server has no Weights & Biases key, so a training cannot be reported there. Nothing was changed. An admin sets one with /config wandb.';
