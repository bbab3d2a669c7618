import type { Problem } from '../errors.ts';
import type { Component, Placed } from './component.ts';
import { allComponents, componentTypes as types } from './component.ts';
import { componentProblems, isSelect } from './component-rules.ts';

const topLevelV2: readonly number[] = [
  types.actionRow,
  types.section,
  types.textDisplay,
  types.mediaGallery,
  types.file,
  types.separator,
  types.container,
];

/** What Discord would refuse in the components of a message. `fileNames` are those that `attachment://` may point to. */
export function messageComponentProblems(
  components: readonly Component[],
  { isV2, fileNames }: { readonly isV2: boolean; readonly fileNames: readonly string[] },
): Problem[] {
  const placed = allComponents(components);
  return [
    ...placed.flatMap(componentProblems),
    ...placed.flatMap((one) => placeProblems(one, isV2)),
    ...placed.flatMap((one) => fileProblems(one, fileNames)),
    ...duplicateIds(placed),
    ...(isV2 ? sizeProblemsV2(placed) : sizeProblems(components)),
  ];
}

function placeProblems({ component: { type }, path, parentType }: Placed, isV2: boolean): Problem[] {
  const message = misplaced(type, parentType, isV2);
  return message === undefined ? [] : [{ path: [...path, 'type'], code: 'UNION_TYPE_CHOICES', message }];
}

function misplaced(type: number, parentType: number | undefined, isV2: boolean): string | undefined {
  if (type === types.actionRow) return parentType === types.actionRow ? 'An action row cannot hold another' : undefined;
  if (type === types.button || isSelect(type)) {
    const isAccessory = type === types.button && parentType === types.section;
    return parentType === types.actionRow || isAccessory ? undefined : 'Buttons and selects stand in an action row';
  }
  if (!isV2) return 'This component needs the flag IS_COMPONENTS_V2';
  if (type === types.thumbnail) return parentType === types.section ? undefined : 'A thumbnail stands in a section';
  return topLevelV2.includes(type) ? undefined : `Component type ${type} does not belong in a message`;
}

function fileProblems({ component, path }: Placed, fileNames: readonly string[]): Problem[] {
  const urls = [component.media?.url, component.file?.url, ...(component.items ?? []).map(({ media }) => media.url)];
  return urls
    .filter((url) => url?.startsWith('attachment://'))
    .filter((url) => !fileNames.includes(url?.slice('attachment://'.length) ?? ''))
    .map((url) => ({ path, code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND', message: `${url} not found` }));
}

/** A custom id may stand only once in a message or modal. */
export function duplicateIds(placed: readonly Placed[]): Problem[] {
  const seen = new Set<string>();
  return placed.flatMap(({ component: { custom_id }, path }) => {
    if (!custom_id) return [];
    const isNew = !seen.has(custom_id);
    seen.add(custom_id);
    const problem = { path, code: 'COMPONENT_CUSTOM_ID_DUPLICATED', message: `"${custom_id}" stands here twice` };
    return isNew ? [] : [problem];
  });
}

function sizeProblems(components: readonly Component[]): Problem[] {
  if (components.length <= 5) return [];
  return [{ path: ['components'], code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 5 in length.' }];
}

function sizeProblemsV2(placed: readonly Placed[]): Problem[] {
  const characters = placed.reduce((sum, { component }) => sum + textLength(component), 0);
  const tooMany = placed.length > 40 && `${placed.length} components, and 40 is the most`;
  const tooLong = characters > 4000 && `${characters} characters of text, and 4000 is the most`;
  return [tooMany, tooLong]
    .filter((message) => message !== false)
    .map((message) => ({ path: ['components'], code: 'COMPONENT_MAX_TOTAL_EXCEEDED', message }));
}

function textLength({ type, content }: Component): number {
  return type === types.textDisplay ? (content?.length ?? 0) : 0;
}
