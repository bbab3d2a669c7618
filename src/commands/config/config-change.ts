import type { ChatInputCommandInteraction } from 'discord.js';
import { UserError } from '../../lib/errors.ts';
import type { SettingsChange } from '../../services/guilds/guild-settings.ts';
import { isMethodId, methods } from '../../services/modelslab/methods.ts';
import { findSetting, isBaseModelName } from '../../services/modelslab/settings.ts';
import { methodsOwn } from '../base-model-choices.ts';
import {
  allowedChoices,
  cropChoices,
  handOverChoices,
  limitOptions,
  planChoices,
  threadChoices,
} from './config-payload.ts';

/** What the options of a `/config` subcommand change. */
export function changeFrom({ options }: ChatInputCommandInteraction): SettingsChange {
  const method = options.getString('method');
  const baseModel = options.getString('base_model');
  const crop = cropChoices.find(({ value }) => value === options.getString('crop'))?.value;
  const handOver = handOverChoices.find(({ value }) => value === options.getString('crops'))?.value;
  const subjects = allowedChoices.find(({ value }) => value === options.getString('subjects'))?.value;
  const plan = planChoices.find(({ value }) => value === options.getString('plan'))?.value;
  const threads = threadChoices.find(({ value }) => value === options.getString('threads'))?.value;
  return {
    ...(method !== null && isMethodId(method) && { method }),
    ...(baseModel !== null && { baseModel: baseModelFrom(baseModel.trim(), method) }),
    ...(crop && { crop }),
    ...(handOver && { handOver }),
    ...(threads && { threads }),
    ...(subjects && { subjects }),
    ...(plan && { plan }),
    ...limitsFrom(options),
  };
}

/** 0 takes a limit back; one that is not named stays as it is. */
function limitsFrom(options: ChatInputCommandInteraction['options']): SettingsChange {
  const given = limitOptions.map(({ limit, name }) => [limit, options.get(name)?.value] as const);
  return Object.fromEntries(
    given.flatMap(([limit, value]) => (value === undefined ? [] : [[limit, value || undefined]])),
  );
}

/** Undefined takes the choice back: each method's own applies again. */
function baseModelFrom(given: string, method: string | null): string | undefined {
  if (given === methodsOwn.value) return undefined;
  const chosen = method !== null && isMethodId(method) ? methods[method] : undefined;
  if (chosen && !findSetting(chosen, 'baseModel')) {
    throw new UserError(
      `${chosen.label} lets nobody choose a base model, so nothing was changed. Leave base_model out, or choose Dreambooth.`,
    );
  }
  if (!isBaseModelName(given)) {
    throw new UserError(
      'A base model is named as ModelsLab lists it, such as “portraitplus-diffusion”. Nothing was changed: choose one from the list that opens while you type.',
    );
  }
  return given;
}
