import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { isComponentsV2 } from '../state/message.ts';
import { component } from './component.ts';
import { embed, embedProblems } from './embed.ts';
import { messageComponentProblems } from './message-components.ts';

const idLike = z.union([z.string(), z.int()]).transform(String);

/** What a client sends to create or edit a message, by whatever route. */
export const messageBody = z.looseObject({
  content: z.string().max(2000).nullish(),
  embeds: z.array(embed).max(10).nullish(),
  components: z.array(component).max(40).nullish(),
  flags: z.int().nullish(),
  attachments: z
    .array(z.looseObject({ id: idLike, filename: z.string().nullish(), description: z.string().max(1024).nullish() }))
    .max(10)
    .nullish(),
  allowed_mentions: z
    .looseObject({
      parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
      users: z.array(z.string()).max(100).nullish(),
      roles: z.array(z.string()).max(100).nullish(),
    })
    .nullish(),
  nonce: z
    .union([z.string().max(25), z.int()])
    .transform(String)
    .nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z.looseObject({ message_id: z.string().nullish() }).nullish(),
});

export type MessageBody = z.infer<typeof messageBody>;

/** The message as it would be, with this body. */
export interface Outcome {
  readonly flags: number;
  readonly fileNames: readonly string[];
}

/** What no schema of one field can say. */
export function messageProblems(body: MessageBody, { flags, fileNames }: Outcome): Problem[] {
  const isV2 = isComponentsV2(flags);
  return [
    ...embedProblems(body.embeds ?? []),
    ...messageComponentProblems(body.components ?? [], { isV2, fileNames }),
    ...(isV2 ? legacyFields(body) : []),
    ...(fileNames.length > 10 ? [tooManyFiles] : []),
  ];
}

const tooManyFiles: Problem = { path: ['attachments'], code: 'BASE_TYPE_BAD_LENGTH', message: 'At most 10 files' };

function legacyFields({ content, embeds }: MessageBody): Problem[] {
  const used = [...(content ? ['content'] : []), ...(embeds?.length ? ['embeds'] : [])];
  return used.map((key) => ({
    path: [key],
    code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    message: `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
  }));
}
