import type { Problem } from '../errors.ts';
import type { Placed } from './component.ts';
import { componentTypes as types } from './component.ts';

const selects: readonly number[] = [
  types.stringSelect,
  types.userSelect,
  types.roleSelect,
  types.mentionableSelect,
  types.channelSelect,
];
const buttonStyles = { link: 5, premium: 6 } as const;

export function isSelect(type: number): boolean {
  return selects.includes(type);
}

/** What is wrong with one component, whatever stands around it. */
export function componentProblems({ component, path }: Placed): Problem[] {
  const problems = checksOf(component.type).flatMap((check) => check(component));
  return problems.map(([key, message]) => ({ path: [...path, key], code: 'COMPONENT_INVALID', message }));
}

type Complaint = readonly [key: string, message: string];
type Check = (component: Placed['component']) => Complaint[];

function checksOf(type: number): Check[] {
  if (type === types.button) return [button];
  if (type === types.actionRow) return [row];
  if (type === types.stringSelect) return [customId, options, bounds];
  if (isSelect(type)) return [customId, bounds];
  return others[type] ?? [];
}

const customId: Check = ({ custom_id }) => (custom_id ? [] : [['custom_id', 'This field is required']]);

const options: Check = ({ options: given }) => {
  if (!given || given.length === 0) return [['options', 'Must be between 1 and 25 in length.']];
  const isUnique = new Set(given.map(({ value }) => value)).size === given.length;
  return isUnique ? [] : [['options', 'The specified option value is already used']];
};

const bounds: Check = ({ min_values, max_values, options: given }) => {
  const most = given?.length ?? 25;
  const isWithin = (min_values ?? 1) <= (max_values ?? 1) && (max_values ?? 1) <= most;
  return isWithin ? [] : [['max_values', `min_values and max_values must fit each other and the ${most} options`]];
};

const button: Check = (one) => {
  if (one.style === buttonStyles.premium) return [];
  const isNamed = Boolean(one.label) || Boolean(one.emoji);
  const needed = one.style === buttonStyles.link ? 'url' : 'custom_id';
  return [
    ...(isNamed ? [] : ([['label', 'A button needs a label or an emoji']] as const)),
    ...(one.style ? [] : ([['style', 'This field is required']] as const)),
    ...(one[needed] ? [] : ([[needed, 'This field is required']] as const)),
  ];
};

const row: Check = ({ components = [] }) => {
  const inside = components ?? [];
  const isButtons = inside.length >= 1 && inside.length <= 5 && inside.every(({ type }) => type === types.button);
  const isOther = inside.length === 1 && inside.every(({ type }) => isSelect(type) || type === types.textInput);
  return isButtons || isOther ? [] : [['components', 'An action row holds 1 to 5 buttons or one select']];
};

const others: Readonly<Record<number, Check[]>> = {
  [types.textInput]: [customId],
  [types.fileUpload]: [customId],
  [types.radioGroup]: [customId, options],
  [types.checkboxGroup]: [customId, options],
  [types.checkbox]: [customId],
  [types.textDisplay]: [({ content }) => (content ? [] : [['content', 'This field is required']])],
  [types.mediaGallery]: [({ items }) => (items ? [] : [['items', 'This field is required']])],
  [types.file]: [({ file }) => (file ? [] : [['file', 'This field is required']])],
  [types.thumbnail]: [({ media }) => (media ? [] : [['media', 'This field is required']])],
  [types.section]: [
    ({ components }) => {
      const count = components?.length ?? 0;
      return count >= 1 && count <= 3 ? [] : [['components', 'Must be between 1 and 3 in length.']];
    },
    ({ accessory }) => (accessory ? [] : [['accessory', 'This field is required']]),
  ],
};
