import { UserError } from '../../../lib/errors.ts';
import type { GuildId, MemberId } from '../../../lib/ids.ts';
import type { PhotoSource } from '../../photos/photo.ts';
import type { JobStore } from '../store/job-store.ts';
import type { PhotoStore } from './photo-store.ts';

/** An order of thirty of the largest photos fits, and ordinary ones by the dozen. */
export const mostOfMember = 400 * 2 ** 20;
export const mostOfGuild = 2 * 2 ** 30;

export interface StorageRoomDeps {
  readonly jobs: Pick<JobStore, 'list'>;
  readonly photos: Pick<PhotoStore, 'storedBytes'>;
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
export function createDemandRoom({ jobs, photos, hasDiskFor }: StorageRoomDeps) {
  return async ({ guildId, memberId: ownerId }: Attaching, sources: readonly PhotoSource[]): Promise<void> => {
    const coming = sizeOf(sources);
    if (coming === 0) return;
    const drafts = await jobs.list({ guildId, ownerId, states: ['draft'] });
    const ofMember =
      (await photos.storedBytes({ guildId, ownerId })) + sizeOf(drafts.flatMap(({ pending }) => pending));
    if (ofMember + coming > mostOfMember) throw new UserError(memberFull);
    if ((await photos.storedBytes({ guildId })) + coming > mostOfGuild) throw new UserError(guildFull);
    if (hasDiskFor && !(await hasDiskFor(coming))) throw new UserError(diskFull);
  };
}

/** Of one photo whose bytes are there. */
export async function hasRoomFor(
  bytes: number,
  of: { readonly guildId: GuildId; readonly ownerId: MemberId },
  photos: Pick<PhotoStore, 'storedBytes'>,
): Promise<boolean> {
  return (await photos.storedBytes(of)) + bytes <= mostOfMember;
}

export const photoWithoutRoom = 'you keep as many photos here as one member may: start or discard another order first';

const memberFull =
  'You keep 400 MB of photos in orders here that are not over, which is as much as one member may, so I did not take these. Start or discard one of those orders first: /status shows where they are. Smaller photos do as well: more than 1024 pixels a side makes no difference.';
const guildFull =
  'Orders in this server keep 2 GB of photos, which is as much as one server may, so I did not take these. Wait until some of those orders are over, or discard one: /status shows yours.';
const diskFull =
  'There is no room for these photos on the disk of this bot, so I did not take them. Tell whoever runs the bot, and attach them again later.';

function sizeOf(sources: readonly Pick<PhotoSource, 'sizeBytes'>[]): number {
  return sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
