import { UserError } from '../../../lib/errors.ts';
import type { GuildId, MemberId } from '../../../lib/ids.ts';
import type { PhotoSource } from '../../photos/photo.ts';
import type { PhotoStore } from './photo-store.ts';

/** An order of thirty of the largest photos fits, and ordinary ones by the dozen. */
const mostOfMember = 400 * 2 ** 20;
const mostOfGuild = 2 * 2 ** 30;

export interface StorageRoomDeps {
  readonly photos: Pick<PhotoStore, 'storedBytes' | 'waitingBytes'>;
  /** Whether the disk has room for so many bytes more. */
  readonly hasDiskFor?: (bytes: number) => Promise<boolean>;
}

interface Attaching {
  readonly guildId: GuildId;
  readonly memberId: MemberId;
}

/**
 * Refuses photos that there is no room for, before a byte of them is downloaded. Their sizes are what Discord says: they are
 * counted again when they are stored.
 */
export async function demandRoom(
  { guildId, memberId: ownerId }: Attaching,
  sources: readonly PhotoSource[],
  { photos, hasDiskFor }: StorageRoomDeps,
): Promise<void> {
  const expected = async (of: { readonly guildId: GuildId; readonly ownerId?: MemberId }) =>
    (await photos.storedBytes(of)) + (await photos.waitingBytes(of));
  const coming = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (coming === 0) return;
  if ((await expected({ guildId, ownerId })) + coming > mostOfMember) throw new UserError(memberFull);
  if ((await expected({ guildId })) + coming > mostOfGuild) throw new UserError(guildFull);
  // What others wait for comes to the same disk.
  if (hasDiskFor && !(await hasDiskFor((await photos.waitingBytes()) + coming))) throw new UserError(diskFull);
}

/** Why one photo whose bytes are there is not stored; undefined when it is. */
export async function lackOfRoom(
  bytes: number,
  { guildId, ownerId }: { readonly guildId: GuildId; readonly ownerId: MemberId },
  photos: Pick<PhotoStore, 'storedBytes'>,
): Promise<string | undefined> {
  if ((await photos.storedBytes({ guildId, ownerId })) + bytes > mostOfMember) return photoWithoutRoom;
  return (await photos.storedBytes({ guildId })) + bytes > mostOfGuild ? photoWithoutRoomHere : undefined;
}

const photoWithoutRoom = 'you keep as many photos here as one member may: start or discard another order first';
const photoWithoutRoomHere =
  'orders in this server keep as many photos as one server may: attach it again when some of them are over';

const memberFull =
  'You keep 400 MB of photos in orders here that are not over, which is as much as one member may, so I did not take these. Start or discard one of those orders first: /status shows where they are. Smaller photos do as well: more than 1024 pixels a side makes no difference.';
const guildFull =
  'Orders in this server keep 2 GB of photos, which is as much as one server may, so I did not take these. Wait until some of those orders are over, or discard one: /status shows yours.';
const diskFull =
  'There is no room for these photos on the disk of this bot, so I did not take them. Tell whoever runs the bot, and attach them again later.';
