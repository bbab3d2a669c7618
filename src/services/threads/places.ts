import { RESTJSONErrorCodes } from 'discord.js';
import type { Told } from '../jobs/job.ts';

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
