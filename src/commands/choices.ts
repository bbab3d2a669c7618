import type { AutocompleteInteraction } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { JobId } from '../lib/ids.ts';
import { shorten, visible } from '../lib/text.ts';
import type { Desk } from '../services/jobs/desk/desk.ts';
import type { Actor } from '../services/jobs/desk/job-editor.ts';
import { isIn, underWayStates, type Job, type State } from '../services/jobs/state/job.ts';
import { stateLabel } from '../services/threads/cards/state-label.ts';
import { title } from '../services/threads/cards/words.ts';
import { actorOf, type Acting, type Services } from './command.ts';

export const unfinishedStates = ['draft', ...underWayStates] as const;

/** As many as Discord shows while somebody types. */
export const choicesShown = 25;
/** Discord's own limit, for the name of a choice and for its value. */
export const longestChoice = 100;

/** Completes, while somebody types, the names of the jobs that they may see. */
export async function suggestJobs(
  interaction: AutocompleteInteraction,
  { desk }: Services,
  states: readonly State[],
): Promise<void> {
  const nameWith = visible(interaction.options.getFocused());
  const matching = await desk.list(actorOf(interaction), states, { nameWith, most: choicesShown });
  await interaction.respond(
    matching.map((job) => ({ name: shorten(`${job.order.name} (${stateLabel(job)})`, longestChoice), value: job.id })),
  );
}

/** The job that was chosen; a name that was typed without choosing does as well. */
export async function chosenJob(
  interaction: Acting,
  chosen: string,
  { desk }: Services,
  states: readonly State[],
): Promise<Job> {
  const actor = actorOf(interaction);
  const wanted = visible(chosen);
  const byId = await findSeen(actor, wanted.toLowerCase() as JobId, desk);
  if (byId && isIn(byId, ...states)) return byId;
  const [named] = await desk.list(actor, states, { named: wanted, most: 1 });
  // The id of a job in another state is refused later, with that state's own explanation.
  const job = named ?? byId;
  if (!job) throw new UserError(notFound(chosen));
  return job;
}

async function findSeen(actor: Actor, id: JobId, desk: Pick<Desk, 'find'>): Promise<Job | undefined> {
  return desk.find(actor, id).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
}

function notFound(chosen: string): string {
  return `There is nothing here called ${title(shorten(chosen, 60))}. Choose from the list that opens while you type.`;
}
