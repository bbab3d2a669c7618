import { optionTypes, type CommandOption } from '../../discord/rules/command-body.ts';
import { commandTypes, type Command } from '../../discord/state/command.ts';
import type { CommandView, OptionView } from '../protocol.ts';

/** The entries of the menus: each subcommand is one of its own. */
export function commandViews(commands: readonly Command[]): CommandView[] {
  return [...new Set(commands)].flatMap(entriesOf);
}

export function entryIds(commands: readonly Command[]): string[] {
  return commandViews(commands).map(({ id }) => id);
}

interface Branch {
  readonly path: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
}

function entriesOf({ id, guildId, type, body }: Command): CommandView[] {
  const trunk = { path: body.name, description: body.description ?? '', options: body.options ?? [] };
  const kind = type === commandTypes.message ? 'message' : 'slash';
  return leavesOf(trunk).map(({ path, description, options }) => ({
    id: `${id}:${path}`,
    guildId: guildId ?? null,
    kind,
    path,
    description,
    options: options.map(optionView),
  }));
}

function leavesOf({ path, description, options }: Branch): Branch[] {
  const branches = options.filter(({ type }) => type === optionTypes.subcommand || type === optionTypes.group);
  if (branches.length === 0) return [{ path, description, options }];
  return branches.flatMap((one) =>
    leavesOf({ path: `${path} ${one.name}`, description: one.description, options: one.options ?? [] }),
  );
}

const kinds: Readonly<Record<number, OptionView['type']>> = {
  [optionTypes.string]: 'text',
  [optionTypes.integer]: 'integer',
  [optionTypes.boolean]: 'boolean',
  [optionTypes.user]: 'person',
  [optionTypes.channel]: 'channel',
  [optionTypes.role]: 'role',
  [optionTypes.mentionable]: 'mentionable',
  [optionTypes.number]: 'number',
  [optionTypes.attachment]: 'attachment',
};

function optionView(option: CommandOption): OptionView {
  return {
    name: option.name,
    description: option.description,
    type: kinds[option.type] ?? 'text',
    isRequired: option.required ?? false,
    choices: (option.choices ?? []).map(({ name, value }) => ({ name, value })),
    hasAutocomplete: option.autocomplete ?? false,
    least: option.min_value ?? option.min_length ?? null,
    most: option.max_value ?? option.max_length ?? null,
  };
}
