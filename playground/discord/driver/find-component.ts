import type { Component } from '../rules/component.ts';
import { allComponents } from '../rules/component.ts';
import type { Message } from '../state/message.ts';

/** By custom id or label, whole or by pattern. */
export type Target = string | RegExp;

/** Finds the one component of a message that is meant. Throws when there is none, several, or it is disabled. */
export function getComponent(message: Message, target: Target, isKind: (type: number) => boolean): Component {
  const usable = allComponents(message.components)
    .map(({ component }) => component)
    .filter(({ type, custom_id }) => isKind(type) && custom_id);
  const found = usable.filter(({ custom_id, label }) => isMeant(target, custom_id) || isMeant(target, label));
  const [first] = found;
  if (!first) throw new Error(`Cannot find ${String(target)}: the message offers ${listed(usable)}`);
  if (found.length > 1) throw new Error(`Cannot tell which is meant by ${String(target)}: ${listed(found)}`);
  if (first.disabled) throw new Error(`Cannot use ${listed([first])}: it is disabled`);
  return first;
}

function isMeant(target: Target, text: string | null | undefined): boolean {
  if (!text) return false;
  return typeof target === 'string' ? text === target : target.test(text);
}

function listed(components: readonly Component[]): string {
  if (components.length === 0) return 'nothing of the kind';
  return components.map(({ label, custom_id }) => `"${label ?? ''}" (${custom_id ?? ''})`).join(', ');
}
