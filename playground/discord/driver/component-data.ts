import { componentTypes } from '../rules/component.ts';
import { isSelect } from '../rules/component-rules.ts';
import type { Message } from '../state/message.ts';
import type { Json } from '../wire/json.ts';
import type { World } from '../world.ts';
import type { Target } from './find-component.ts';
import { getComponent } from './find-component.ts';
import type { Resolved } from './resolved.ts';
import { resolveId } from './resolved.ts';

/** A component as a member used it: what the bot receives, and how a person would call it. */
export interface UsedComponent {
  readonly title: string;
  readonly data: Json;
}

export function pressedButton(message: Message, target: Target): UsedComponent {
  const { custom_id, type, id, label } = getComponent(message, target, (kind) => kind === componentTypes.button);
  const data = { custom_id, component_type: type, id: id ?? 1 };
  return { title: `button "${label ?? custom_id ?? ''}"`, data };
}

/** Throws when the menu does not offer these values, or not so many. */
export function chosenValues(
  world: World,
  message: Message,
  {
    target,
    values,
    guildId,
  }: { readonly target: Target; readonly values: readonly string[]; readonly guildId: string },
): UsedComponent {
  const menu = getComponent(message, target, isSelect);
  const { custom_id, options } = menu;
  const isOffered = values.every((value) => options?.some((option) => option.value === value) ?? true);
  const isCounted = values.length >= (menu.min_values ?? 1) && values.length <= (menu.max_values ?? 1);
  if (!isOffered || !isCounted) throw new Error(`Cannot choose "${values.join('", "')}" in ${custom_id ?? ''}`);
  const resolved: Resolved = {};
  if (!options) for (const id of values) resolveId(world, resolved, { id, guildId });
  const data = { custom_id, component_type: menu.type, id: menu.id ?? 1, values, resolved };
  return { title: `select ${custom_id ?? ''}`, data };
}
