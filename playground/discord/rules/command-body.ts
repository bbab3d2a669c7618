import { z } from 'zod';
import type { Problem } from '../errors.ts';

export const optionTypes = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

const slashName = z.string().regex(/^[-_'\p{L}\p{N}]{1,32}$/u);
const description = z.string().min(1).max(100);

export const commandOption = z.looseObject({
  type: z.int().min(1).max(11),
  name: slashName.refine((name) => name === name.toLowerCase(), 'Names are lower case'),
  description,
  required: z.boolean().nullish(),
  autocomplete: z.boolean().nullish(),
  choices: z
    .array(z.looseObject({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) }))
    .max(25)
    .nullish(),
  min_value: z.number().nullish(),
  max_value: z.number().nullish(),
  min_length: z.int().nullish(),
  max_length: z.int().nullish(),
  get options() {
    return z.array(commandOption).max(25).nullish();
  },
});

export type CommandOption = z.infer<typeof commandOption>;

export const commandBody = z.looseObject({
  name: z.string().min(1).max(32),
  type: z.int().min(1).max(4).nullish(),
  description: z.string().max(100).nullish(),
  options: z.array(commandOption).max(25).nullish(),
  default_member_permissions: z.union([z.string(), z.number()]).transform(String).nullish(),
  contexts: z.array(z.int()).nullish(),
});

export type CommandBody = z.infer<typeof commandBody>;

/** What no schema of one field can say: names of the right form, required options first, 8000 characters in all. */
export function commandProblems(command: CommandBody, path: readonly PropertyKey[] = []): Problem[] {
  const invalid = (key: string, message: string): Problem => ({
    path: [...path, key],
    code: 'COMMAND_INVALID',
    message,
  });
  const isSlash = (command.type ?? 1) === 1;
  const characters = lengthOf(command);
  return [
    ...(isSlash && !slashName.safeParse(command.name).success
      ? [invalid('name', 'Not a name for a slash command')]
      : []),
    ...(isSlash && !command.description ? [invalid('description', 'This field is required')] : []),
    ...(!isSlash && command.description ? [invalid('description', 'Context menu commands have none')] : []),
    ...(!isSlash && command.options?.length ? [invalid('options', 'Context menu commands have none')] : []),
    ...(characters > 8000 ? [invalid('options', `${characters} characters, and 8000 is the most`)] : []),
    ...optionProblems(command.options ?? [], [...path, 'options']),
  ];
}

function optionProblems(options: readonly CommandOption[], path: readonly PropertyKey[]): Problem[] {
  const firstOptional = options.findIndex(({ required }) => !required);
  const names = options.map(({ name }) => name);
  return options.flatMap((option, index) => {
    const at = [...path, index];
    const isLate = option.required === true && firstOptional !== -1 && index > firstOptional;
    return [
      ...(isLate
        ? [
            {
              path: at,
              code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
              message: 'Required options must be placed before non-required options',
            },
          ]
        : []),
      ...(names.indexOf(option.name) < index
        ? [{ path: at, code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', message: 'Option name must be unique' }]
        : []),
      ...(option.autocomplete && option.choices?.length
        ? [
            {
              path: at,
              code: 'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID',
              message: 'Choices and autocomplete exclude each other',
            },
          ]
        : []),
      ...optionProblems(option.options ?? [], [...at, 'options']),
    ];
  });
}

function lengthOf(command: CommandBody | CommandOption): number {
  const own = command.name.length + (command.description?.length ?? 0);
  const choices = 'choices' in command ? choicesLength(command.choices) : 0;
  return own + choices + (command.options ?? []).reduce((sum, option) => sum + lengthOf(option), 0);
}

function choicesLength(choices: unknown): number {
  return Array.isArray(choices) ? JSON.stringify(choices).length : 0;
}
