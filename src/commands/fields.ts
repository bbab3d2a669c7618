import {
  FileUploadBuilder,
  LabelBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  type Attachment,
  type ModalSubmitInteraction,
} from 'discord.js';
import { codePoints, shorten, truncate } from '../lib/text.ts';
import type { GuildSettings } from '../services/guilds/guild-settings.ts';
import type { Order } from '../services/jobs/state/job.ts';
import { longestName } from '../services/jobs/state/model-name.ts';
import { isSubjectAllowed, type OrderChange } from '../services/jobs/state/order.ts';
import type { Method } from '../services/modelslab/methods.ts';
import {
  allowedText,
  defaultText,
  longestText,
  settingNames,
  type Setting,
  type SettingId,
} from '../services/modelslab/settings.ts';
import type { Subject } from '../services/modelslab/training-api.ts';
import { fileName } from '../services/photos/file-name.ts';
import type { PhotoSource } from '../services/photos/photo.ts';

const subjects: Readonly<Record<Subject, string>> = {
  man: 'A man',
  woman: 'A woman',
  couple: 'A couple',
  object: 'An object or animal',
  style: 'A style',
};

/** The same choices wherever a subject is asked for. */
export const subjectChoices: { name: string; value: Subject }[] = Object.entries(subjects).map(([value, name]) => ({
  name,
  value: value as Subject, // The table's keys are exactly the subjects.
}));

/** The subject that somebody chose; undefined when they left it. */
export function subjectIn(chosen: string | null | undefined): Subject | undefined {
  return subjectChoices.find(({ value }) => value === chosen)?.value;
}

interface TextField {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly value?: string | undefined;
  readonly maxLength: number;
  readonly required?: boolean;
  /** Has room for several lines. */
  readonly isLong?: boolean;
}

export function textField({ id, label, description, value, ...how }: TextField): LabelBuilder {
  const { maxLength, required = false, isLong = false } = how;
  const shown = value === undefined ? '' : truncate(value, maxLength, codePoints);
  const input = new TextInputBuilder()
    .setCustomId(id)
    .setStyle(isLong ? TextInputStyle.Paragraph : TextInputStyle.Short)
    // Discord refuses a value that is longer, however it counts those letters that take two units.
    .setMaxLength(Math.max(maxLength, shown.length))
    .setRequired(required);
  if (value !== undefined) input.setValue(shown);
  const field = new LabelBuilder().setLabel(label).setTextInputComponent(input);
  return description === undefined ? field : field.setDescription(description);
}

/** How the model is to be called. */
export function nameField(value?: string): LabelBuilder {
  const description = 'What the model is to be called.';
  return textField({ id: 'name', label: 'Name', description, value, maxLength: longestName, required: true });
}

/** Offers what the server allows. */
export function subjectField(settings: Pick<GuildSettings, 'subjects'>, chosen?: Subject): LabelBuilder {
  const allowed = subjectChoices.filter(({ value }) => isSubjectAllowed(value, settings));
  const options = allowed.map(({ name, value }) => ({ label: name, value, default: value === chosen }));
  const menu = new StringSelectMenuBuilder().setCustomId('subject').addOptions(options);
  return new LabelBuilder().setLabel('What do the photos show?').setStringSelectMenuComponent(menu);
}

/** What Discord's file pickers offer; it looks at names only. */
export const photoFiles = ['image', '.zip'] as const;

export function photosField(): LabelBuilder {
  const upload = new FileUploadBuilder()
    .setCustomId('photos')
    .setMinValues(1)
    .setMaxValues(10)
    .setRequired(true)
    .setFileTypes(...photoFiles);
  return new LabelBuilder()
    .setLabel('Photos')
    .setDescription('Up to 10 at a time: JPEG, PNG, WebP, or a .zip of them. “Add photos” brings more.')
    .setFileUploadComponent(upload);
}

/** Only Discord's own attachment objects become sources; a link cannot be typed. Its name is shown as one in an archive is. */
export function sourceOf({ url, name, size }: Pick<Attachment, 'url' | 'name' | 'size'>): PhotoSource {
  return { url, name: fileName(name), sizeBytes: size };
}

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
