import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { ChannelId } from '../../lib/ids.ts';
import type { Job, Told } from '../jobs/state/job.ts';
import type { Messages } from './rest/messages.ts';

/** Nothing can be written there until a person changes something: go on in the next place. */
export const placeIsGone = [
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.UnknownUser,
  RESTJSONErrorCodes.InvalidRecipients,
  RESTJSONErrorCodes.MaximumActiveThreads, // Sending would wake one more.
  RESTJSONErrorCodes.MessageWasBlockedByAutomaticModeration,
  RESTJSONErrorCodes.MessageBlockedByHarmfulLinksFilter,
  RESTJSONErrorCodes.CannotSendMessagesInNonTextChannel, // A forum bears posts alone.
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
  RESTJSONErrorCodes.ThreadLocked,
  RESTJSONErrorCodes.InvalidActionOnArchivedThread, // One that sending does not wake.
  RESTJSONErrorCodes.CannotSendMessagesToThisUser,
  RESTJSONErrorCodes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
];

/** What was told in a private thread is nothing for the whole channel. */
export function placeAfter({ place, isPrivate = false }: Told): Told['place'] {
  switch (place) {
    case 'thread':
      return isPrivate ? 'dm' : 'channel';
    case 'channel':
      return 'dm';
    case 'dm':
    case 'nowhere':
      return 'nowhere';
  }
}

/** Where a message of the job goes that is to be read in its place. */
export async function channelFor(job: Job, messages: Messages, signal: AbortSignal): Promise<ChannelId> {
  if (job.told.place === 'thread') return threadOf(job);
  return job.told.place === 'dm' ? messages.direct(job.ownerId, signal) : job.channelId;
}

export function threadOf({ id, told }: Job): ChannelId {
  if (told.threadId === undefined) throw new Error(`Cannot post for job ${id}: it has no thread`);
  return told.threadId;
}
