import { componentTypes as types, type Component } from '../../discord/rules/component.ts';
import type { ModalBody } from '../../discord/rules/modal-body.ts';
import type { FieldView, InputView, ModalPartView, ModalView } from '../protocol.ts';
import { isSelect, optionViews, selectParts } from './component-view.ts';

/** The longest text that a field of a form holds. */
const longestText = 4000;

export function modalView(id: string, { title, components }: ModalBody): ModalView {
  return { id, title, parts: components.flatMap(partsOf) };
}

function partsOf(top: Component): ModalPartView[] {
  if (top.type === types.textDisplay) return [{ kind: 'text', content: top.content ?? '' }];
  if (top.component) return fieldView(top.component, top);
  // The older form: text inputs that carry their own labels.
  return (top.components ?? []).flatMap((input) => fieldView(input, input));
}

function fieldView(field: Component, { label, description }: Component): FieldView[] {
  const input = inputView(field);
  if (!input) return [];
  const isRequired = field.required !== false && field.type !== types.checkbox;
  const texts = { label: label ?? '', description: description ?? null };
  return [{ kind: 'field', customId: field.custom_id ?? '', ...texts, isRequired, input }];
}

function inputView(field: Component): InputView | undefined {
  const options = optionViews(field);
  const isOptional = field.required === false;
  const least = isOptional ? 0 : (field.min_values ?? 1);
  if (field.type === types.textInput) return textInput(field);
  if (field.type === types.fileUpload) return { kind: 'files', least, most: field.max_values ?? 1 };
  if (field.type === types.radioGroup) return { kind: 'radio', options };
  if (field.type === types.checkboxGroup)
    return { kind: 'checkboxes', options, least, most: field.max_values ?? options.length };
  if (field.type === types.checkbox) return { kind: 'checkbox', isChecked: field['default'] === true };
  return isSelect(field) ? { kind: 'select', ...selectParts(field), least } : undefined;
}

function textInput(field: Component): InputView {
  return {
    kind: 'text',
    isLong: field.style === 2,
    value: typeof field.value === 'string' ? field.value : '',
    placeholder: field.placeholder ?? '',
    least: field.min_length ?? 0,
    most: field.max_length ?? longestText,
  };
}
