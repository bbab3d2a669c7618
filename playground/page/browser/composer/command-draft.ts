import type { ChoiceView, CommandView, OptionValue, OptionView } from '../../protocol.ts';

/** A command that is being filled in. */
export interface CommandDraft {
  /** What stands in each field. Files are gathered elsewhere. */
  readonly texts: Readonly<Record<string, string>>;
  /** The suggestion that was taken, as long as its text stands unchanged. */
  readonly taken: Readonly<Record<string, ChoiceView>>;
  /** The optional fields that were asked for. */
  readonly shown: readonly string[];
}

export type Values = Readonly<Record<string, OptionValue>>;
export type Problems = Readonly<Record<string, string>>;

export function beginDraft(command: CommandView, texts: Readonly<Record<string, string>> = {}): CommandDraft {
  const optional = command.options.filter(({ isRequired }) => !isRequired).map(({ name }) => name);
  return { texts, taken: {}, shown: optional.filter((name) => texts[name] !== undefined) };
}

export function writeField(
  draft: CommandDraft,
  name: string,
  { text, taken }: { readonly text: string; readonly taken?: ChoiceView | undefined },
): CommandDraft {
  const { [name]: _, ...others } = draft.taken;
  return { ...draft, texts: { ...draft.texts, [name]: text }, taken: taken ? { ...others, [name]: taken } : others };
}

export function showField(draft: CommandDraft, name: string): CommandDraft {
  return { ...draft, shown: [...draft.shown, name] };
}

/** The options that take files, in the order in which files fill them. */
export function fileOptions({ options }: CommandView): readonly OptionView[] {
  return options.filter(({ type }) => type === 'attachment');
}

/** The fields that stand open: what is required, and what was asked for. */
export function openFields({ options }: CommandView, { shown }: CommandDraft): readonly OptionView[] {
  return options.filter(({ name, type, isRequired }) => type !== 'attachment' && (isRequired || shown.includes(name)));
}

export function closedFields({ options }: CommandView, { shown }: CommandDraft): readonly OptionView[] {
  return options.filter(({ name, type, isRequired }) => type !== 'attachment' && !isRequired && !shown.includes(name));
}

/** What is sent, or what has to be put right first. `fileIds` fill the options that take files, in order. */
export function readDraft(
  command: CommandView,
  draft: CommandDraft,
  fileIds: readonly string[],
): { readonly values: Values; readonly problems: Problems } {
  const texts = openFields(command, draft).map((option): Named => [option.name, readText(option, draft)]);
  const files = fileOptions(command).map((option, index): Named => [option.name, readFile(option, fileIds[index])]);
  const read = [...texts, ...files];
  return {
    values: Object.fromEntries(read.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
    problems: Object.fromEntries(
      read.flatMap(([name, { problem }]) => (problem === undefined ? [] : [[name, problem]])),
    ),
  };
}

type Named = readonly [name: string, read: Read];

/** For suggestions: what can be read so far, and the field that is typed in as it stands. */
export function readForSuggestions(command: CommandView, draft: CommandDraft, focused: string): Values {
  return { ...readDraft(command, draft, []).values, [focused]: draft.texts[focused] ?? '' };
}

interface Read {
  readonly value?: OptionValue;
  readonly problem?: string;
}

function readFile({ isRequired }: OptionView, fileId: string | undefined): Read {
  if (fileId !== undefined) return { value: { fileId } };
  return isRequired ? { problem: 'Add a file.' } : {};
}

function readText(option: OptionView, { texts, taken }: CommandDraft): Read {
  const text = texts[option.name]?.trim() ?? '';
  if (text === '') return option.isRequired ? { problem: 'Fill this in.' } : {};
  const picked = taken[option.name];
  if (picked) return { value: picked.value };
  if (option.choices.length > 0) {
    const choice = option.choices.find(({ value }) => String(value) === text);
    return choice ? { value: choice.value } : { problem: 'Choose one of the list.' };
  }
  switch (option.type) {
    case 'integer':
    case 'number':
      return readNumber(option, text);
    case 'boolean':
      return { value: text === 'true' };
    case 'person':
    case 'channel':
    case 'role':
    case 'mentionable':
      return { value: { id: text } };
    case 'text':
    case 'attachment':
      return isWithin(option, text.length) ? { value: text } : { problem: lengthText(option) };
  }
}

function readNumber(option: OptionView, text: string): Read {
  const value = Number(text);
  const isNumber = option.type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!isNumber) return { problem: option.type === 'integer' ? 'Write a whole number.' : 'Write a number.' };
  return isWithin(option, value) ? { value } : { problem: rangeText(option) };
}

function isWithin({ least, most }: OptionView, size: number): boolean {
  return size >= (least ?? size) && size <= (most ?? size);
}

function rangeText({ least, most }: OptionView): string {
  if (least === null) return `At most ${most ?? ''}.`;
  return most === null ? `At least ${least}.` : `From ${least} to ${most}.`;
}

function lengthText({ least, most }: OptionView): string {
  return most === null ? `At least ${least ?? 1} characters.` : `At most ${most} characters.`;
}
