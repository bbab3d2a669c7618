import type { AutocompleteInteraction } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { JobId } from '../lib/ids.ts';
import { shorten } from '../lib/text.ts';
import { underWayStates, type Job, type State } from '../services/jobs/job.ts';
import { tidyName } from '../services/jobs/model-name.ts';
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
  const typed = tidyName(interaction.options.getFocused()).toLowerCase();
  const jobs = await desk.list(actorOf(interaction), states);
  const matching = jobs.filter(({ order }) => order.name.toLowerCase().includes(typed)).slice(0, choicesShown);
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
  const jobs = await desk.list(actor, states);
  const wanted = tidyName(chosen).toLowerCase();
  const job = jobs.find(({ id }) => id === wanted) ?? jobs.find(({ order }) => order.name.toLowerCase() === wanted);
  // An id of a job in another state gets that state's own explanation from the desk.
  return (
    job ??
    desk.find(actor, chosen as JobId).catch((error: unknown) => {
      throw error instanceof UserError ? new UserError(notFound(chosen)) : error;
    })
  );
}

function notFound(chosen: string): string {
  return `There is nothing here called ${title(shorten(chosen, 60))}. Choose from the list that opens while you type.`;
}
