import { FileUploadBuilder, LabelBuilder, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle } from 'discord.js';
import { codePoints, truncate } from '../lib/text.ts';
import type { GuildSettings } from '../services/guilds/guild-settings.ts';
import { isAllowed } from '../services/jobs/state/subjects.ts';
import { longestName } from '../services/jobs/state/model-name.ts';
import type { Subject } from '../services/modelslab/training-api.ts';

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
  const allowed = subjectChoices.filter(({ value }) => isAllowed(value, settings));
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
