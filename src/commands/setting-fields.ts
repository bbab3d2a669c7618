import { LabelBuilder, StringSelectMenuBuilder, type ModalSubmitInteraction } from 'discord.js';
import { shorten } from '../lib/text.ts';
import type { Order } from '../services/jobs/state/job.ts';
import type { OrderChange } from '../services/jobs/state/order.ts';
import type { Method } from '../services/modelslab/methods.ts';
import { allowedText, defaultText, longestText, settingNames } from '../services/modelslab/setting-rules.ts';
import type { Setting, SettingId } from '../services/modelslab/settings.ts';
import { textField } from './fields.ts';

const longestDescription = 100;

/** How a form asks for a setting: what is left empty goes back to the method's own way. */
export function settingField(setting: Setting, order: Order): LabelBuilder {
  if (setting.kind === 'choice') return choiceField(setting, order);
  const { id, kind } = setting;
  return textField({
    id: inputId(id),
    label: settingNames[id],
    description: shorten(`${allowedText(setting)}; empty: ${defaultText(setting)}`, longestDescription),
    value: order[id]?.toString(),
    maxLength: lengths[kind],
    isLong: kind === 'text',
  });
}

const lengths = { number: 10, rate: 10, model: 100, text: longestText } as const;

function choiceField({ id, choices, byDefault }: Extract<Setting, { kind: 'choice' }>, order: Order): LabelBuilder {
  const chosen = order[id] ?? byDefault;
  const menu = new StringSelectMenuBuilder()
    .setCustomId(inputId(id))
    .addOptions(choices.map((value) => ({ label: value, value, default: value === chosen })))
    .setMinValues(0)
    .setRequired(false);
  return new LabelBuilder()
    .setLabel(settingNames[id])
    .setDescription(`Nothing chosen: ${byDefault}`)
    .setStringSelectMenuComponent(menu);
}

/** What a form says about the settings that it asked for; the others stay as they are. */
export function settingsFrom({ fields }: ModalSubmitInteraction, { settings }: Pick<Method, 'settings'>): OrderChange {
  const asked = settings.filter(({ id }) => fields.fields.has(inputId(id)));
  return Object.fromEntries(asked.map((setting) => [setting.id, valueIn(fields, setting)]));
}

/** Anything that is no number becomes NaN, which the desk refuses with the allowed range. */
function valueIn(fields: ModalSubmitInteraction['fields'], { id, kind }: Setting): string | number | undefined {
  if (kind === 'choice') return fields.getStringSelectValues(inputId(id))[0];
  const text = fields.getTextInputValue(inputId(id)).trim();
  if (text === '') return undefined;
  return kind === 'number' ? Number(text) : text;
}

/** Spelled as the options of `/train` are: `base_model`. */
function inputId(id: SettingId): string {
  return id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
