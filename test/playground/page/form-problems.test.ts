import { expect, it } from 'vitest';
import { problemsIn } from '../../../playground/page/browser/forms/form-problems.ts';
import type { FieldView, InputView, ModalView } from '../../../playground/page/protocol.ts';

const text: InputView = { kind: 'text', isLong: false, value: '', placeholder: '', least: 2, most: 4 };
const files: InputView = { kind: 'files', least: 1, most: 3 };
const roles = { kind: 'select', from: 'roles', options: [], chosen: [], placeholder: '', least: 1, most: 3 } as const;

function modalWith(input: InputView, isRequired: boolean): ModalView {
  const field: FieldView = { kind: 'field', customId: 'f', label: 'F', description: null, isRequired, input };
  return { id: 'm', title: 'M', parts: [{ kind: 'text', content: 'Read this.' }, field] };
}

it.each([
  { case: 'a required text that is empty', input: text, value: '', problem: 'Fill this in.' },
  { case: 'a text that is too short', input: text, value: 'a', problem: 'From 2 to 4 characters.' },
  { case: 'missing files', input: files, value: { fileIds: [] }, problem: 'Add a file.' },
  { case: 'too many files', input: files, value: { fileIds: ['1', '2', '3', '4'] }, problem: 'From 1 to 3 files.' },
])('asks to put right: $case', ({ input, value, problem }) => {
  expect(problemsIn(modalWith(input, true), { f: value })).toEqual({ f: problem });
});

it('lets an optional field stay empty, and a field that was opened filled in stay as it is', () => {
  expect(problemsIn(modalWith(text, false), { f: '' })).toEqual({});
  expect(problemsIn(modalWith({ ...text, value: 'abc' }, true), {})).toEqual({});
  expect(problemsIn(modalWith({ ...roles, chosen: ['7'] }, true), {})).toEqual({});
});
