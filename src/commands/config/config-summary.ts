import { UserError } from '../../lib/errors.ts';
import type { GuildId } from '../../lib/ids.ts';
import type { GuildSettings } from '../../services/guilds/guild-settings.ts';
import type { KeyFacts } from '../../services/guilds/vault.ts';
import type { Actor } from '../../services/jobs/desk/job-editor.ts';
import { spentIn, type Usage } from '../../services/jobs/state/limits.ts';
import { methods } from '../../services/modelslab/methods.ts';
import { ago, count, dollars, price } from '../../services/threads/cards/words.ts';
import { unfinishedStates } from '../choices.ts';
import type { Services } from '../command.ts';
import { allowedChoices, cropChoices, handOverChoices, planChoices, threadChoices } from './config-payload.ts';

/** How the bot is set up in a server, in words. */
export async function summary(actor: Actor, settings: GuildSettings, services: Services): Promise<string> {
  const running = await services.desk.list(actor, unfinishedStates);
  const name = (choices: readonly { name: string; value: string }[], wanted: string) =>
    choices.find(({ value }) => value === wanted)?.name ?? wanted;
  const method = methods[settings.method];
  return [
    `**API key:** ${await keyText(actor.guildId, services)}`,
    `**Weights & Biases key:** ${await wandbText(actor.guildId, services)}`,
    `**Method:** ${method.label}, ${price(method.price)}`,
    `**Base model (Dreambooth):** ${settings.baseModel ?? 'the method’s own'}`,
    `**Crop:** ${name(cropChoices, settings.crop)}`,
    `**Crops reach ModelsLab:** ${name(handOverChoices, settings.handOver)}`,
    `**Threads:** ${name(threadChoices, settings.threads)}`,
    `**Who may train:** ${whoText(settings)}`,
    `**Where:** ${whereText(settings)}`,
    `**Models may be of:** ${name(allowedChoices, settings.subjects)}`,
    `**ModelsLab plan:** ${name(planChoices, settings.plan)}`,
    ...limitLines(settings, await services.desk.usage(actor)),
    `**Orders that are not finished:** ${running.length}`,
    '/config key, /config wandb, /config defaults, /config access, /config limits, /config privacy and /config plan change this.',
  ].join('\n');
}

/** Those that are set, and what counts towards the one in dollars. */
function limitLines(settings: GuildSettings, usage: Usage): string[] {
  const { memberAtOnce, serverAtOnce, memberPerDay, memberPerMonth, usdPerMonth } = settings;
  const set = [
    ...(memberAtOnce === undefined ? [] : [`a member: ${memberAtOnce} under way at once`]),
    ...(memberPerDay === undefined ? [] : [`a member: ${memberPerDay} a day (UTC)`]),
    ...(memberPerMonth === undefined ? [] : [`a member: ${memberPerMonth} a month (UTC)`]),
    ...(serverAtOnce === undefined ? [] : [`this server: ${serverAtOnce} under way at once`]),
    ...(usdPerMonth === undefined ? [] : [`this server: ${dollars(usdPerMonth)} a month (UTC)`]),
  ];
  return [
    `**Limits on trainings:** ${set.length === 0 ? 'none' : set.join('; ')}`,
    `**Spent this month (UTC) or on its way:** ${dollars(spentIn(usage, settings))}${hourlyText(settings, usage)}`,
  ];
}

function hourlyText({ usdPerHourly, usdPerMonth }: GuildSettings, { server: { hourly } }: Usage): string {
  if (usdPerHourly !== undefined)
    return `; a training billed by the hour counts as ${dollars(usdPerHourly)}${hourly > 0 ? `, of which there were ${hourly}` : ''}`;
  const trainings =
    hourly > 0 ? `, and ${count(hourly, 'training')} billed by the hour, whose price I do not know` : '';
  return usdPerMonth === undefined
    ? trainings
    : `${trainings}; methods billed by the hour are not taken beside a limit in dollars`;
}

function whoText({ roles }: GuildSettings): string {
  if (roles.length === 0) return 'whoever may use the commands';
  return `members with ${roles.map((id) => `<@&${id}>`).join(' or ')}, and admins`;
}

function whereText({ channels }: GuildSettings): string {
  return channels.length === 0 ? 'everywhere' : `${channels.map((id) => `<#${id}>`).join(', ')}; admins everywhere`;
}

async function keyText(guildId: GuildId, { vault, api, signal, log }: Services): Promise<string> {
  const facts = await readable(vault.facts(guildId));
  if (!facts) return facts === undefined ? 'none yet. Set it with /config key' : unreadableText('/config key');
  const key = await readable(vault.open(guildId));
  if (key === null) return unreadableText('/config key');
  const wallet =
    key &&
    (await api.wallet(key, signal).catch((error: unknown) => {
      log.info({ err: error }, 'the wallet balance is not known');
      return undefined;
    }));
  const balance = wallet ? `; its wallet holds ${wallet.balance.toFixed(2)} ${wallet.currency}` : '';
  return `ends in \`${facts.lastFour}\`, set ${setText(facts)}${balance}`;
}

async function wandbText(guildId: GuildId, { wandb }: Services): Promise<string> {
  const facts = await readable(wandb.facts(guildId));
  if (!facts)
    return facts === undefined
      ? 'none. /config wandb sets one, for trainings that report there'
      : unreadableText('/config wandb');
  return `ends in \`${facts.lastFour}\`, set ${setText(facts)}`;
}

/** Null when what is stored cannot be read: the other settings are still to be shown. */
async function readable<Read>(reading: Promise<Read>): Promise<Read | null> {
  return reading.catch((error: unknown) => {
    if (error instanceof UserError) return null;
    throw error;
  });
}

function unreadableText(command: string): string {
  return `stored, but it cannot be read any more. Set it again with ${command}`;
}

function setText({ setBy, setAt }: KeyFacts): string {
  return setBy === undefined ? ago(setAt) : `by <@${setBy}> ${ago(setAt)}`;
}
