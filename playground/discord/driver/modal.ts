import type { Component } from '../rules/component.ts';
import { componentTypes as types } from '../rules/component.ts';
import { isSelect } from '../rules/component-rules.ts';
import type { ModalBody } from '../rules/modal-body.ts';
import type { Upload } from '../state/upload.ts';
import type { World } from '../world.ts';
import type { Place, Resolved } from './resolved.ts';
import { resolveFile, resolveId } from './resolved.ts';

export type FieldValue = string | boolean | readonly string[] | readonly Upload[];
export type FieldValues = Readonly<Record<string, FieldValue | undefined>>;

/** The fields of a modal, each with the text that stands above it. */
export function fieldsOf({ components }: ModalBody): { readonly field: Component; readonly label: string }[] {
  return components.flatMap((top) => {
    if (top.component) return [{ field: top.component, label: top.label ?? '' }];
    return (top.components ?? []).map((field) => ({ field, label: field.label ?? '' }));
  });
}

/** Fills a modal in as Discord's client lets one. Fields that are not named keep what they were prefilled with. */
export async function submitModal(
  world: World,
  modal: ModalBody,
  { values, place }: { readonly values: FieldValues; readonly place: Place },
): Promise<Record<string, unknown>> {
  const fields = fieldsOf(modal).map(({ field }) => field.custom_id ?? '');
  const unknown = Object.keys(values).filter((id) => !fields.includes(id));
  if (unknown.length > 0)
    throw new Error(`Cannot fill in "${unknown.join('", "')}": the fields are ${fields.join(', ')}`);
  const resolved: Resolved = {};
  const components: unknown[] = [];
  const fill = async (field: Component) =>
    fillField(world, resolved, { field, place, value: values[field.custom_id ?? ''] });
  for (const [index, top] of modal.components.entries()) {
    const frame = { type: top.type, id: top.id ?? index + 1 };
    if (top.component) components.push({ ...frame, component: await fill(top.component) });
    else if (top.components) components.push({ ...frame, components: await Promise.all(top.components.map(fill)) });
    else components.push(frame);
  }
  return { custom_id: modal.custom_id, components, ...(Object.keys(resolved).length > 0 && { resolved }) };
}

interface Filling {
  readonly field: Component;
  readonly value: FieldValue | undefined;
  readonly place: Place;
}

async function fillField(world: World, resolved: Resolved, { field, value, place }: Filling): Promise<object> {
  const frame = { type: field.type, id: field.id ?? 100, custom_id: field.custom_id };
  if (field.type === types.textInput) return { ...frame, value: text(field, value) };
  if (field.type === types.checkbox) return { ...frame, value: value === true };
  if (field.type === types.radioGroup) return { ...frame, value: choices(field, value)[0] ?? null };
  if (field.type === types.fileUpload)
    return { ...frame, values: await files(world, resolved, { field, value, place }) };
  const chosen = choices(field, value);
  const isReference = isSelect(field.type) && field.type !== types.stringSelect;
  if (isReference) for (const id of chosen) resolveId(world, resolved, { id, guildId: place.guildId });
  return { ...frame, values: chosen };
}

function text(field: Component, given: FieldValue | undefined): string {
  const value = given ?? field.value ?? '';
  if (typeof value !== 'string') throw wrong(field, 'takes text');
  if (value === '' && field.required === false) return value;
  const least = Math.max(field.min_length ?? 0, field.required === false ? 0 : 1);
  const most = field.max_length ?? 4000;
  if (value.length < least || value.length > most) throw wrong(field, `takes ${least} to ${most} characters`);
  return value;
}

function choices(field: Component, given: FieldValue | undefined): string[] {
  const offered = (field.options ?? []).filter((option) => option.default).map((option) => option.value);
  const prefilled = [...offered, ...(field.default_values ?? []).map(({ id }) => id)];
  const chosen = given === undefined ? prefilled : [given].flat().map(String);
  const unknown = field.options ? chosen.filter((one) => !field.options?.some((option) => option.value === one)) : [];
  if (unknown.length > 0) throw wrong(field, `does not offer "${unknown.join('", "')}"`);
  demandCount(field, chosen.length);
  return chosen;
}

async function files(world: World, resolved: Resolved, { field, value, place }: Filling): Promise<string[]> {
  const given = Array.isArray(value) ? (value as readonly (string | Upload)[]) : [];
  demandCount(field, given.length);
  const ids: string[] = [];
  for (const file of given) {
    if (typeof file === 'string') throw wrong(field, 'takes files');
    ids.push(await resolveFile(world, resolved, { ...file, channelId: place.channelId }));
  }
  return ids;
}

function demandCount(field: Component, count: number): void {
  if (count === 0 && field.required === false) return;
  const least = field.min_values ?? 1;
  const most = field.max_values ?? Math.max(1, field.type === types.checkboxGroup ? (field.options?.length ?? 1) : 1);
  if (count < least || count > most) throw wrong(field, `takes ${least} to ${most}, and ${count} were given`);
}

function wrong({ custom_id }: Component, what: string): Error {
  return new Error(`Cannot fill in "${custom_id ?? ''}": it ${what}`);
}
