import { z } from 'zod';

const schema = z.looseObject({ properties: z.record(z.string(), z.looseObject({})) });

/** By schema and property: what Discord does and its description (of July 2026) says otherwise. */
const corrections: readonly (readonly [schema: string, property: string, change: Record<string, unknown>])[] = [
  ...['BaseCreateMessageCreateRequest', 'MessageCreateRequest', 'MessageEditRequestPartial'].map(
    (name) => [name, 'content', { maxLength: 2000 }] as const,
  ),
  ['ModalInteractionCallbackRequestData', 'components', { maxItems: 5 }],
  // Sent as a string by every client, because it does not fit a JavaScript number.
  ...['Create', 'Update'].map(
    (kind) =>
      [
        `ApplicationCommand${kind}Request`,
        'default_member_permissions',
        { type: ['integer', 'string', 'null'], pattern: '^[0-9]+$' },
      ] as const,
  ),
  ['ApplicationCommandPatchRequestPartial', 'default_member_permissions', { type: ['integer', 'string', 'null'] }],
];

/** Puts the description right, in place. */
export function correct(schemas: Readonly<Record<string, unknown>>): void {
  for (const [name, property, change] of corrections) {
    const found = schema.safeParse(schemas[name]);
    if (!found.success) continue;
    // zod hands copies out: the change goes into the original, which has just been proven to have this shape.
    const { properties } = schemas[name] as z.infer<typeof schema>;
    Object.assign(properties[property] ?? {}, change);
  }
}
