import { OAuth2Scopes, PermissionFlagsBits } from 'discord-api-types/v10';
import type { ThreadKind } from '../guilds/guild-settings.ts';

/** What somebody may do somewhere, such as discord.js's `PermissionsBitField`. */
export interface Permissions {
  has(permission: bigint): boolean;
}

/** What the bot must be allowed in a channel, by the names that Discord's settings show. */
const needed = {
  'View Channel': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Embed Links': PermissionFlagsBits.EmbedLinks,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
} as const;

const toOpen = {
  public: { 'Create Public Threads': PermissionFlagsBits.CreatePublicThreads },
  private: { 'Create Private Threads': PermissionFlagsBits.CreatePrivateThreads },
} as const;

/** The names of the permissions that are missing for opening a thread and reporting in it. */
export function missingPermissions(held: Permissions, threads: ThreadKind): string[] {
  return missing(held, { ...needed, ...toOpen[threads] });
}

/** The same for a thread that is there already: in threads Discord does not ask for Send Messages. */
export function missingInThread(held: Permissions): string[] {
  const { 'Send Messages': _, ...inThread } = needed;
  return missing(held, inThread);
}

function missing(held: Permissions, wanted: Readonly<Record<string, bigint>>): string[] {
  return Object.entries(wanted).flatMap(([name, permission]) => (held.has(permission) ? [] : [name]));
}

/** All that the bot ever needs. */
export const invitePermissions: bigint = [
  ...Object.values(needed),
  ...Object.values(toOpen.public),
  ...Object.values(toOpen.private),
].reduce((all, permission) => all | permission, 0n);

/** Always Discord's own page: people open it in a browser, whatever address REST calls are sent to. */
export function inviteLink(applicationId: string): string {
  const scopes = [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' ');
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: scopes,
    permissions: String(invitePermissions),
  });
  return `https://discord.com/oauth2/authorize?${query.toString()}`;
}
