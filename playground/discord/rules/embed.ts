import { z } from 'zod';
import type { Problem } from '../errors.ts';

const text = (max: number) => z.string().max(max);
const picture = z.looseObject({ url: z.string().optional() });

export const embed = z.looseObject({
  title: text(256).nullish(),
  description: text(4096).nullish(),
  url: z.string().nullish(),
  color: z.int().min(0).max(0xffffff).nullish(),
  footer: z.looseObject({ text: text(2048) }).nullish(),
  author: z.looseObject({ name: text(256) }).nullish(),
  fields: z
    .array(z.looseObject({ name: text(256).min(1), value: text(1024).min(1), inline: z.boolean().optional() }))
    .max(25)
    .nullish(),
  image: picture.nullish(),
  thumbnail: picture.nullish(),
});

export type Embed = z.infer<typeof embed>;

/** What no schema of one embed can say: 6000 characters over all of them. */
export function embedProblems(embeds: readonly Embed[]): Problem[] {
  const characters = embeds.reduce((sum, one) => sum + lengthOf(one), 0);
  if (characters <= 6000) return [];
  return [{ path: ['embeds'], code: 'MAX_EMBED_SIZE_EXCEEDED', message: 'Embed size exceeds maximum size of 6000' }];
}

function lengthOf({ title, description, footer, author, fields }: Embed): number {
  const texts = [title, description, footer?.text, author?.name, ...(fields ?? []).flatMap((f) => [f.name, f.value])];
  return texts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
}
