import type { FieldValue, FieldView, InputView, ModalView } from '../../protocol.ts';

export type FormValues = Readonly<Record<string, FieldValue>>;

/** What has to be put right before a form is sent, by field. Fields that nobody touched hold what they were opened with. */
export function problemsIn({ parts }: ModalView, values: FormValues): Readonly<Record<string, string>> {
  const found = parts.flatMap((part) => {
    const problem = part.kind === 'field' ? problemWith(part, values[part.customId]) : undefined;
    return part.kind === 'field' && problem !== undefined ? [[part.customId, problem] as const] : [];
  });
  return Object.fromEntries(found);
}

function problemWith({ input, isRequired }: FieldView, value: FieldValue | undefined): string | undefined {
  const size = sizeOf(input, value);
  if (size === 0) return isRequired && input.kind !== 'checkbox' ? missingText[input.kind] : undefined;
  if (!('least' in input)) return undefined;
  if (size >= input.least && size <= input.most) return undefined;
  const unit = input.kind === 'text' ? 'characters' : input.kind === 'files' ? 'files' : 'choices';
  return input.least === input.most
    ? `Exactly ${input.most} ${unit}.`
    : `From ${input.least} to ${input.most} ${unit}.`;
}

const missingText = {
  text: 'Fill this in.',
  files: 'Add a file.',
  select: 'Choose one.',
  radio: 'Choose one.',
  checkboxes: 'Choose at least one.',
} as const;

function sizeOf(input: InputView, value: FieldValue | undefined): number {
  if (value === undefined) return sizeAtFirst(input);
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return value.length;
  return 'fileIds' in value ? value.fileIds.length : value.length;
}

function sizeAtFirst(input: InputView): number {
  if (input.kind === 'text') return input.value.length;
  if (input.kind === 'files') return 0;
  if (input.kind === 'checkbox') return Number(input.isChecked);
  const ofServer = input.kind === 'select' ? input.chosen.length : 0;
  return ofServer + input.options.filter(({ isDefault }) => isDefault).length;
}
