import { z } from 'zod';

/** Discord's numbers for the kinds of components. */
export const componentTypes = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  mediaGallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

const media = z.looseObject({ url: z.string().min(1).max(2048) });

const option = z.looseObject({
  label: z.string().min(1).max(100),
  value: z.string().min(1).max(100),
  description: z.string().max(100).nullish(),
  default: z.boolean().nullish(),
});

/** Any component, of a message or of a modal. What depends on its kind is checked in the files beside this one. */
export const component = z.looseObject({
  type: z.int(),
  id: z.int().nullish(),
  custom_id: z.string().min(1).max(100).nullish(),
  label: z.string().max(80).nullish(),
  description: z.string().max(1024).nullish(),
  placeholder: z.string().max(150).nullish(),
  content: z.string().min(1).nullish(),
  style: z.int().nullish(),
  url: z.string().nullish(),
  emoji: z.looseObject({}).nullish(),
  disabled: z.boolean().nullish(),
  required: z.boolean().nullish(),
  value: z.union([z.string().max(4000), z.boolean()]).nullish(),
  min_length: z.int().nullish(),
  max_length: z.int().nullish(),
  min_values: z.int().nullish(),
  max_values: z.int().nullish(),
  options: z.array(option).max(25).nullish(),
  default_values: z
    .array(z.looseObject({ id: z.string().min(1), type: z.string() }))
    .max(25)
    .nullish(),
  items: z
    .array(z.looseObject({ media, description: z.string().max(1024).nullish() }))
    .min(1)
    .max(10)
    .nullish(),
  media: media.nullish(),
  file: media.nullish(),
  get components() {
    return z.array(component).nullish();
  },
  get component() {
    return component.nullish();
  },
  get accessory() {
    return component.nullish();
  },
});

export type Component = z.infer<typeof component>;

/** A component and where it stands in the body. */
export interface Placed {
  readonly component: Component;
  readonly path: readonly PropertyKey[];
  readonly parentType: number | undefined;
}

/** All components in reading order, nested ones included. */
export function allComponents(
  components: readonly Component[],
  path: readonly PropertyKey[] = ['components'],
  parentType?: number,
): Placed[] {
  return components.flatMap((one, index) => within(one, [...path, index], parentType));
}

function within(one: Component, path: readonly PropertyKey[], parentType: number | undefined): Placed[] {
  return [
    { component: one, path, parentType },
    ...allComponents(one.components ?? [], [...path, 'components'], one.type),
    ...(one.component ? within(one.component, [...path, 'component'], one.type) : []),
    ...(one.accessory ? within(one.accessory, [...path, 'accessory'], one.type) : []),
  ];
}
