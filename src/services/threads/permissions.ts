import { PermissionFlagsBits, type PermissionsBitField } from 'discord.js';

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
export function missingPermissions(held: Readonly<PermissionsBitField>, threads: 'public' | 'private'): string[] {
  const all = Object.entries({ ...needed, ...toOpen[threads] });
  return all.filter(([, permission]) => !held.has(permission)).map(([name]) => name);
}

/** All that the bot ever needs, for the invite link. */
export const invitePermissions: bigint = [
  ...Object.values(needed),
  ...Object.values(toOpen.public),
  ...Object.values(toOpen.private),
].reduce((all, permission) => all | permission, 0n);
