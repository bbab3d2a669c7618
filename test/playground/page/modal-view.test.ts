import { expect, it } from 'vitest';
import { modalView } from '../../../playground/page/host/modal-view.ts';

const option = (value: string) => ({ label: value.toUpperCase(), value, default: value === 'b' });
const label = (text: string, field: { readonly type: number }) => ({
  type: 18,
  label: text,
  description: `about ${text}`,
  component: { custom_id: text, ...field },
});

it('shows a text to read, and fields with what stands above them', () => {
  const { title, parts } = modalView('7', {
    custom_id: 'm',
    title: 'Add photos',
    components: [
      { type: 10, content: 'Read this' },
      label('files', { type: 19, ...{ min_values: 2, max_values: 10 } }),
    ],
  });
  const input = { kind: 'files', least: 2, most: 10 };
  const field = { customId: 'files', label: 'files', description: 'about files', isRequired: true };
  expect(title).toBe('Add photos');
  expect(parts).toEqual([
    { kind: 'text', content: 'Read this' },
    { kind: 'field', ...field, input },
  ]);
});

it.each([
  [
    { type: 4, style: 2, value: 'so far', min_length: 2 },
    { kind: 'text', isLong: true, value: 'so far', least: 2, most: 4000 },
  ],
  [
    { type: 19, required: false },
    { kind: 'files', least: 0, most: 1 },
  ],
  [
    { type: 3, options: [option('a'), option('b')] },
    { kind: 'select', from: 'options', least: 1, most: 1 },
  ],
  [
    { type: 5, required: false, max_values: 3, default_values: [{ id: '7' }, { id: '8' }] },
    { kind: 'select', from: 'people', chosen: ['7', '8'], least: 0, most: 3 },
  ],
  [{ type: 8 }, { kind: 'select', from: 'channels' }],
  [
    { type: 21, options: [option('a')] },
    { kind: 'radio', options: [{ label: 'A', value: 'a' }] },
  ],
  [
    { type: 22, options: [option('a'), option('b')] },
    { kind: 'checkboxes', least: 1, most: 2 },
  ],
  [
    { type: 23, default: true },
    { kind: 'checkbox', isChecked: true },
  ],
])('shows the field %j', (field, input) => {
  const { parts } = modalView('7', { custom_id: 'm', title: 'M', components: [label('one', field)] });
  expect(parts).toMatchObject([{ kind: 'field', isRequired: !('required' in field) && field.type !== 23, input }]);
});

it('shows what is chosen beforehand', () => {
  const { parts } = modalView('7', {
    custom_id: 'm',
    title: 'M',
    components: [label('one', { type: 3, ...{ options: [option('a'), option('b')] } })],
  });
  expect(parts).toMatchObject([{ input: { options: [{ isDefault: false }, { isDefault: true }] } }]);
});
