import { componentTypes as types, type Component } from '../../discord/rules/component.ts';
import type { ButtonView, ComponentView, SelectOptionView, SelectView } from '../protocol.ts';
import type { Media } from './media.ts';

/** Components without those of a kind that no message has. */
export function componentViews(components: readonly Component[], media: Media): ComponentView[] {
  return components.flatMap((one) => componentView(one, media) ?? []);
}

function componentView(one: Component, media: Media): ComponentView | undefined {
  const inside = () => componentViews(one.components ?? [], media);
  switch (one.type) {
    case types.actionRow:
      return { kind: 'row', components: inside() };
    case types.button:
      return buttonView(one);
    case types.textDisplay:
      return { kind: 'text', content: one.content ?? '' };
    case types.section: {
      const accessory = one.accessory ? componentView(one.accessory, media) : undefined;
      return { kind: 'section', components: inside(), accessory: accessory ?? null };
    }
    case types.container:
      return { kind: 'container', color: colorOf(one), components: inside(), isSpoiler: isSpoiler(one) };
    case types.separator:
      return { kind: 'separator', hasLine: one['divider'] !== false, isLarge: one['spacing'] === 2 };
    default:
      return isSelect(one) ? { kind: 'select', ...selectParts(one), ...stateOf(one) } : mediaView(one, media);
  }
}

function mediaView(one: Component, media: Media): ComponentView | undefined {
  if (one.media) {
    const shown = media.show(one.media.url, one.description ?? null);
    return { kind: 'thumbnail', media: shown, isSpoiler: isSpoiler(one) };
  }
  if (one.file) {
    const name = one.file.url.replace(/^.*\//, '');
    return { kind: 'file', file: media.show(one.file.url, null), name, isSpoiler: isSpoiler(one) };
  }
  if (!one.items) return undefined;
  const items = one.items.map((item) => ({
    media: media.show(item.media.url, item.description ?? null),
    isSpoiler: isSpoiler(item),
  }));
  return { kind: 'gallery', items };
}

const buttonStyles: Readonly<Record<number, ButtonView['style']>> = {
  1: 'primary',
  2: 'secondary',
  3: 'success',
  4: 'danger',
  5: 'link',
};

function buttonView(one: Component): ButtonView {
  return {
    kind: 'button',
    customId: one.custom_id ?? null,
    url: one.url ?? null,
    label: one.label ?? '',
    emoji: emojiOf(one),
    style: buttonStyles[one.style ?? 0] ?? 'secondary',
    isDisabled: one.disabled ?? false,
  };
}

const sources: Readonly<Record<number, SelectView['from']>> = {
  [types.stringSelect]: 'options',
  [types.userSelect]: 'people',
  [types.roleSelect]: 'roles',
  [types.mentionableSelect]: 'people-and-roles',
  [types.channelSelect]: 'channels',
};

export function isSelect({ type }: Component): boolean {
  return sources[type] !== undefined;
}

/** What a select of a message and one of a form have in common. */
export function selectParts(one: Component): Omit<SelectView, 'kind' | 'customId' | 'isDisabled'> {
  return {
    from: sources[one.type] ?? 'options',
    options: optionViews(one),
    chosen: (one.default_values ?? []).map(({ id }) => id),
    placeholder: one.placeholder ?? '',
    least: one.min_values ?? 1,
    most: one.max_values ?? 1,
  };
}

function stateOf(one: Component): Pick<SelectView, 'customId' | 'isDisabled'> {
  return { customId: one.custom_id ?? '', isDisabled: one.disabled ?? false };
}

export function optionViews({ options }: Component): SelectOptionView[] {
  return (options ?? []).map((option) => ({
    label: option.label,
    value: option.value,
    description: option.description ?? null,
    emoji: emojiOf(option),
    isDefault: option.default ?? false,
  }));
}

function emojiOf(one: Readonly<Record<string, unknown>>): string | null {
  const emoji = one['emoji'];
  const isCharacter = typeof emoji === 'object' && emoji !== null && 'name' in emoji && !('id' in emoji && emoji.id);
  return isCharacter && typeof emoji.name === 'string' ? emoji.name : null;
}

function colorOf(one: Component): number | null {
  return typeof one['accent_color'] === 'number' ? one['accent_color'] : null;
}

function isSpoiler(one: Readonly<Record<string, unknown>>): boolean {
  return one['spoiler'] === true;
}
