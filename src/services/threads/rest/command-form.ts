/*
 * What Discord gives back of a registered command is not what was sent: ids and versions are added, as is each default;
 * what is false or empty may be missing, lists that are sets come in any order, and options too (discord.js says so of
 * its own comparison). Two commands are the same when their forms are.
 */

/** What a command says to members and to Discord; all else is Discord's own bookkeeping, or is not ours to set. */
const commandFields = [
  'type',
  'name',
  'name_localizations',
  'description',
  'description_localizations',
  'options',
  'default_member_permissions',
  'nsfw',
];
/** Only a command that shows everywhere has them: Discord does not keep them for a single server. */
const globalFields = ['contexts', 'integration_types'];
const optionFields = [
  'type',
  'name',
  'name_localizations',
  'description',
  'description_localizations',
  'required',
  'autocomplete',
  'choices',
  'options',
  'channel_types',
  'file_types',
  'min_value',
  'max_value',
  'min_length',
  'max_length',
];
const choiceFields = ['name', 'name_localizations', 'value'];

const sets: readonly string[] = ['contexts', 'integration_types', 'channel_types', 'file_types'];
const defaults = { type: 1, integration_types: [0] };

export interface Scope {
  readonly isGlobal: boolean;
}

/** Equal texts for equal lists of commands, however they are spelled. */
export function formOf(commands: readonly unknown[], { isGlobal }: Scope): string {
  const fields = isGlobal ? [...commandFields, ...globalFields] : commandFields;
  return JSON.stringify(
    commands.map((command) => JSON.stringify(fieldsOf({ ...defaults, ...known(command) }, fields))).sort(),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, fields: readonly string[]): Fields {
  const all = known(value);
  return Object.fromEntries(
    fields.map((field) => [field, fieldOf(field, all[field])] as const).filter(([, one]) => !isNothing(one)),
  );
}

function fieldOf(field: string, value: unknown): unknown {
  if (field === 'options') return byName(listOf(value).map((option) => fieldsOf(option, optionFields)));
  if (field === 'choices') return listOf(value).map((choice) => fieldsOf(choice, choiceFields));
  if (typeof value === 'number' && field === 'default_member_permissions') return value.toString();
  if (field.endsWith('_localizations')) return byKey(known(value));
  return sets.includes(field) ? listOf(value).map(String).sort() : value;
}

function byName(options: readonly Fields[]): readonly Fields[] {
  return options.toSorted((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
}

function byKey(value: Fields): Fields {
  const given = Object.entries(value).filter(([, text]) => !isNothing(text));
  return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Left out and given as nothing are the same; 0 is a value. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function known(value: unknown): Fields {
  const given = typeof value === 'object' && value !== null ? value : {};
  return Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined && one !== null));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
