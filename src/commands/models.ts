import { SlashCommandBuilder } from 'discord.js';
import type { Comparison } from '../services/jobs/desk/catalog.ts';
import { isIn, type Job } from '../services/jobs/state/job.ts';
import { methods } from '../services/modelslab/methods.ts';
import { ago, fitLines, mostLines, title } from '../services/threads/cards/words.ts';
import { replyLater } from './acknowledge.ts';
import { actorOf, guildOnly, type Command } from './command.ts';

/** `/models`: what is finished, with what one needs to use it. */
export const models: Command = {
  payload: guildOnly(new SlashCommandBuilder()).setName('models').setDescription('Your finished models').toJSON(),

  execute: async (interaction, { desk, compareModels, signal }) => {
    await replyLater(interaction);
    const actor = actorOf(interaction);
    const jobs = await desk.list(actor, ['ready'], { most: mostLines });
    const left = (await desk.count(actor, ['ready'])) - jobs.length;
    const comparison = await compareModels(actor.guildId, jobs, signal);
    await interaction.editReply(listText({ jobs, left }, actor.isAdmin, comparison));
  },
};

/** The newest; older ones do not fit into a message whatever they are called. */
interface Newest {
  readonly jobs: readonly Job[];
  readonly left: number;
}

function listText({ jobs, left }: Newest, isAdmin: boolean, comparison: Comparison): string {
  const below = belowOurs(comparison);
  if (jobs.length === 0) return ['There are no finished models yet. Use /train to make one.', ...below].join('\n');
  const heading = isAdmin ? 'The models of this server:' : 'Your models in this server:';
  const note = (job: Job) => (comparison.gone.has(job.id) ? '\n  ⚠ ModelsLab does not list it any more.' : '');
  const lines = [heading, ...jobs.map((job) => `${entry(job, isAdmin)}${note(job)}`)];
  const rest = (more: number) => `… and ${left + more} older ones: \`/status\` finds them by name.`;
  return fitLines(lines, { rest, left, below });
}

/** As many as leave room for ours. */
const elsewhereShown = 10;

function belowOurs({ isKnown, elsewhere }: Comparison): readonly string[] {
  if (!isKnown) return ['ModelsLab did not tell just now which models it has, so these are the ones that I know of.'];
  if (elsewhere.length === 0) return [];
  const ids = elsewhere.slice(0, elsewhereShown).map((id) => `\`${id}\``);
  const left = elsewhere.length - ids.length;
  const more = left > 0 ? ` and ${left} more, see modelslab.com` : '';
  return [`Trained elsewhere with this server’s key: ${ids.join(', ')}${more}`];
}

/** Two lines, since one would be broken anywhere on a phone. */
function entry(job: Job, isAdmin: boolean): string {
  const { order, endedAt = job.createdAt } = job;
  const owner = isAdmin ? `, by <@${job.ownerId}>` : '';
  const id = isIn(job, 'ready') ? `id \`${job.phase.trainingId}\`, ` : '';
  return `• ${title(order.name)}, trigger \`${order.trigger}\`\n  ${id}${methods[order.method].label}, ${ago(endedAt)}${owner}`;
}
