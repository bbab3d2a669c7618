import type { CommandOption } from '../rules/command-body.ts';
import { optionTypes } from '../rules/command-body.ts';
import type { Upload } from '../state/upload.ts';
import type { World } from '../world.ts';
import type { Place, Resolved } from './resolved.ts';
import { resolveFile, resolveId } from './resolved.ts';

/** Text, numbers and yes/no as they are; a file for an attachment; a member, channel or role by its record. */
export type OptionValue = string | number | boolean | Upload | { readonly id: string };
export type OptionValues = Readonly<Record<string, OptionValue | undefined>>;

export interface Filled {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean;
  readonly focused?: true;
}

export interface Filling {
  readonly declared: readonly CommandOption[];
  readonly given: OptionValues;
  readonly place: Place;
  /** The option being typed in: nothing is required yet, and its text need not be valid. */
  readonly focused?: string | undefined;
}

/** Fills the options in as Discord's client does: it sends nothing that the registered command does not allow. */
export async function fillOptions(world: World, resolved: Resolved, filling: Filling): Promise<Filled[]> {
  const { declared, given, focused } = filling;
  const unknown = Object.keys(given).filter((name) => !declared.some((option) => option.name === name));
  if (unknown.length > 0)
    throw new Error(`Cannot fill in ${quoted(unknown)}: the options are ${quoted(names(declared))}`);
  const missing = declared.filter(({ name, required }) => required && given[name] === undefined);
  if (missing.length > 0 && focused === undefined) {
    throw new Error(`Cannot use the command without ${quoted(names(missing))}: it is required`);
  }
  const filled: Filled[] = [];
  for (const option of declared) {
    const value = given[option.name];
    if (value === undefined) continue;
    const isFocused = option.name === focused;
    const sent = isFocused
      ? typed(option, value)
      : await accept(world, resolved, { option, value, place: filling.place });
    filled.push({ name: option.name, type: option.type, value: sent, ...(isFocused && { focused: true }) });
  }
  return filled;
}

/** What stands in the field while the member types; it need not be a valid value yet. */
function typed(option: CommandOption, value: OptionValue): string {
  if (typeof value === 'object') throw wrong(option, 'is not something one types');
  return String(value);
}

interface Acceptance {
  readonly option: CommandOption;
  readonly value: OptionValue;
  readonly place: Place;
}

async function accept(
  world: World,
  resolved: Resolved,
  { option, value, place }: Acceptance,
): Promise<Filled['value']> {
  if (option.type === optionTypes.attachment) {
    if (typeof value !== 'object' || !('bytes' in value)) throw wrong(option, 'is a file');
    return resolveFile(world, resolved, { ...value, channelId: place.channelId });
  }
  if (typeof value !== 'object') return acceptPlain(option, value);
  if (!('id' in value) || !isReference(option.type)) throw wrong(option, 'is not a member, channel or role');
  return resolveId(world, resolved, { id: value.id, guildId: place.guildId });
}

function isReference(type: number): boolean {
  const { user, channel, role, mentionable } = optionTypes;
  return ([user, channel, role, mentionable] as number[]).includes(type);
}

function acceptPlain(option: CommandOption, value: string | number | boolean): Filled['value'] {
  if (typeof value !== plainType(option.type)) throw wrong(option, `is a ${String(plainType(option.type))}`);
  if (option.choices?.length && !option.choices.some((choice) => choice.value === value)) {
    throw wrong(
      option,
      `is one of ${quoted(option.choices.map((choice) => String(choice.value)))}, not "${String(value)}"`,
    );
  }
  const isNumber = typeof value === 'number';
  const size = isNumber ? value : String(value).length;
  const least = isNumber ? option.min_value : option.min_length;
  const most = isNumber ? option.max_value : option.max_length;
  if (option.type === optionTypes.integer && !Number.isSafeInteger(value)) throw wrong(option, 'is a whole number');
  if (size < (least ?? size) || size > (most ?? size)) throw wrong(option, `lies between ${least} and ${most}`);
  return value;
}

function plainType(type: number): 'string' | 'number' | 'boolean' | undefined {
  if (type === optionTypes.string) return 'string';
  if (type === optionTypes.boolean) return 'boolean';
  return type === optionTypes.integer || type === optionTypes.number ? 'number' : undefined;
}

function wrong({ name }: CommandOption, what: string): Error {
  return new Error(`Cannot fill in "${name}": it ${what}`);
}

const names = (options: readonly CommandOption[]) => options.map(({ name }) => name);
const quoted = (texts: readonly string[]) => texts.map((text) => `"${text}"`).join(', ');
