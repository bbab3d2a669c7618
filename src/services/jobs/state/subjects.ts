import type { GuildSettings } from '../../guilds/guild-settings.ts';
import type { Subject } from '../../modelslab/training-api.ts';

const people: ReadonlySet<Subject> = new Set(['man', 'woman', 'couple']);

/** Whether a server's admins let its members train on this. */
export function isAllowed(subject: Subject, { subjects }: Pick<GuildSettings, 'subjects'>): boolean {
  return subjects === 'everything' || !people.has(subject);
}

/** For who asked for a model of a person where that is not allowed. */
export const peopleRefused =
  'The admins of this server allow models of objects and styles only, none of people. Choose “An object or animal” or “A style” as the subject.';
