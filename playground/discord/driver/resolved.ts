import { createAttachment } from '../actions/attachments.ts';
import type { Snowflake } from '../snowflake.ts';
import type { Upload } from '../state/upload.ts';
import { channelWire } from '../wire/channel.ts';
import { attachmentWire } from '../wire/message.ts';
import { memberWire, roleWire, userWire } from '../wire/user.ts';
import type { World } from '../world.ts';
import { getChannel, getGuild, getUser } from '../world.ts';

type Kind = 'attachments' | 'users' | 'members' | 'channels' | 'roles' | 'messages';

/** What an interaction's ids stand for, as Discord sends it along. */
export type Resolved = Partial<Record<Kind, Record<Snowflake, unknown>>>;

export interface Place {
  readonly guildId: Snowflake;
  readonly channelId: Snowflake;
}

/** Puts a member's file on the CDN and returns its id. */
export async function resolveFile(
  world: World,
  resolved: Resolved,
  file: Upload & Pick<Place, 'channelId'>,
): Promise<Snowflake> {
  const attachment = await createAttachment(world, file, { channelId: file.channelId, isEphemeral: true });
  world.looseFiles.push(attachment);
  put(resolved, 'attachments', attachment.id, attachmentWire(world, attachment));
  return attachment.id;
}

/** Looks an id up as whatever it is: user, channel or role. */
export function resolveId(
  world: World,
  resolved: Resolved,
  { id, guildId }: { id: Snowflake; guildId: Snowflake },
): Snowflake {
  const guild = getGuild(world, guildId);
  const role = guild.roles.get(id);
  const member = guild.members.get(id);
  if (role) put(resolved, 'roles', id, roleWire(role, guild));
  else if (world.channels.has(id)) put(resolved, 'channels', id, channelWire(world, getChannel(world, id)));
  else put(resolved, 'users', id, userWire(getUser(world, id)));
  if (member) put(resolved, 'members', id, { ...memberWire(member), user: undefined, permissions: '0' });
  return id;
}

function put(resolved: Resolved, kind: Kind, id: Snowflake, value: unknown): void {
  resolved[kind] = { ...resolved[kind], [id]: value };
}
