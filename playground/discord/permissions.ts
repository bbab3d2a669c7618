/** The permissions that the stand-in knows, by the names that Discord's pages and discord.js give them. */
export const permissionBits = {
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseExternalEmojis: 1n << 18n,
  ManageRoles: 1n << 28n,
  ManageWebhooks: 1n << 29n,
  UseApplicationCommands: 1n << 31n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  CreatePrivateThreads: 1n << 36n,
  SendMessagesInThreads: 1n << 38n,
} as const;

export type Permission = keyof typeof permissionBits;

export const allPermissions = (1n << 53n) - 1n;

/** What a bot of this kind asks for in its invite link. */
export const usualBotPermissions: readonly Permission[] = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'CreatePrivateThreads',
  'AttachFiles',
  'EmbedLinks',
  'ReadMessageHistory',
];

export const usualMemberPermissions: readonly Permission[] = [
  ...usualBotPermissions,
  'AddReactions',
  'UseApplicationCommands',
];

export function bitsOf(permissions: readonly Permission[]): bigint {
  return permissions.reduce((bits, permission) => bits | permissionBits[permission], 0n);
}

export function includes(bits: bigint, wanted: bigint): boolean {
  return (bits & wanted) === wanted;
}
