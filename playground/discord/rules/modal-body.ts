import { z } from 'zod';
import type { Problem } from '../errors.ts';
import type { Component, Placed } from './component.ts';
import { allComponents, component, componentTypes as types } from './component.ts';
import { componentProblems, isSelect } from './component-rules.ts';
import { duplicateIds } from './message-components.ts';

export const modalBody = z.looseObject({
  custom_id: z.string().min(1).max(100),
  title: z.string().min(1).max(45),
  components: z.array(component).min(1).max(5),
});

export type ModalBody = z.infer<typeof modalBody>;

const inLabel: readonly number[] = [
  types.textInput,
  types.fileUpload,
  types.radioGroup,
  types.checkboxGroup,
  types.checkbox,
];

export function modalProblems(modal: ModalBody): Problem[] {
  const placed = allComponents(modal.components);
  return [...placed.flatMap(componentProblems), ...placed.flatMap(placeProblems), ...duplicateIds(placed)];
}

function placeProblems({ component: one, path, parentType }: Placed): Problem[] {
  const message = complaint(one, parentType);
  return message === undefined ? [] : [{ path, code: 'UNION_TYPE_CHOICES', message }];
}

function complaint(one: Component, parentType: number | undefined): string | undefined {
  if (one.type === types.label) return labelComplaint(one);
  if (one.type === types.textDisplay) return undefined;
  if (one.type === types.actionRow) return parentType === undefined ? undefined : 'An action row stands at the top';
  const isField = inLabel.includes(one.type) || isSelect(one.type);
  if (!isField) return `Component type ${one.type} does not belong in a modal`;
  const isPlaced = parentType === types.label || (parentType === types.actionRow && one.type === types.textInput);
  return isPlaced ? undefined : 'A field of a modal stands in a label';
}

function labelComplaint({ label, description, component: field }: Component): string | undefined {
  if (!label || label.length > 45) return 'A label has 1 to 45 characters';
  if ((description?.length ?? 0) > 100) return 'A description has at most 100 characters';
  return field ? undefined : 'A label holds a field';
}
