import type { ApplicationCommandOptionChoiceData, AutocompleteInteraction, SlashCommandStringOption } from 'discord.js';
import { shorten } from '../lib/text.ts';
import { methods } from '../services/modelslab/methods.ts';
import { findSetting } from '../services/modelslab/settings.ts';
import type { BaseModel } from '../services/modelslab/training-api.ts';
import { choicesShown, longestChoice } from './choices.ts';
import { actorOf, type Services } from './command.ts';

type Choice = ApplicationCommandOptionChoiceData<string>;

export function baseModelOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option
    .setName('base_model')
    .setDescription('For Dreambooth: the model to build on')
    .setMaxLength(longestChoice)
    .setAutocomplete(true);
}

/** Takes the server's choice of a base model back. */
export const methodsOwn = { name: 'The method’s own', value: '-' } as const satisfies Choice;

/** Completes, while somebody types, the provider's base models; what was typed and the method's own while no list is there. */
export async function suggestBaseModels(
  interaction: AutocompleteInteraction,
  { baseModels }: Services,
  first: readonly Choice[] = [],
): Promise<void> {
  const typed = interaction.options.getFocused().trim();
  const listed = await baseModels.find(actorOf(interaction).guildId);
  const found = listed ? matching(listed, typed) : unlisted(typed);
  await interaction.respond([...first, ...found].slice(0, choicesShown));
}

function matching(models: readonly BaseModel[], typed: string): Choice[] {
  const wanted = typed.toLowerCase();
  return models
    .filter(({ id }) => id.length <= longestChoice)
    .filter(({ id, name }) => id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted))
    .map(({ id, name }) => ({ name: shorten(name === id ? id : `${name} (${id})`, longestChoice), value: id }));
}

function unlisted(typed: string): Choice[] {
  const own = Object.values(methods).flatMap((method) => findSetting(method, 'baseModel')?.byDefault ?? []);
  const names = [typed, ...own].filter((name) => name !== '' && name.length <= longestChoice);
  return [...new Set(names)].map((name) => ({ name, value: name }));
}
