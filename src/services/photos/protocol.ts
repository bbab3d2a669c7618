/*
 * What the gateway and the decoding process say to each other. Tasks are ours and trusted; replies come from a process that
 * decodes files of strangers, so they are parsed like anything else from outside.
 */
import { z } from 'zod';
import type { CropRecipe, Framing, Scene, Tile, Verdict } from './photo.ts';

export type Task =
  | { readonly kind: 'develop'; readonly file: Buffer; readonly recipe: CropRecipe; readonly framing?: Framing }
  | { readonly kind: 'sheet'; readonly tiles: readonly Tile[] };

export interface Request {
  readonly id: number;
  readonly task: Task;
}

const bytes = z.instanceof(Buffer);

export const verdictSchema: z.ZodType<Verdict> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('good') }),
  z.object({ kind: z.literal('warning'), reason: z.string() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);

export const sceneSchema: z.ZodType<Scene> = z.object({
  width: z.number(),
  height: z.number(),
  chosen: z.object({ left: z.number(), top: z.number(), side: z.number() }),
});

export const developedSchema = z.object({
  verdict: verdictSchema,
  crop: z.object({ png: bytes, thumbnail: bytes }).exactOptional(),
  scene: sceneSchema.exactOptional(),
  sha256: z.string().exactOptional(),
  looks: z.string().exactOptional(),
});

export const sheetSchema = bytes;

/** What the process says once, when it can take tasks: `denied` names favors that it asked of the system in vain. */
export const readySchema = z.object({ ready: z.literal(true), denied: z.array(z.string()) });

/** The process ends itself by this signal above its limit of memory: SIGKILL would look like what others do to it. */
export const memoryLimitSignal = 'SIGUSR2';

export const replySchema = z.union([
  z.object({ id: z.number(), result: z.unknown() }),
  /** The task met a bug of ours; what is wrong with a photo is a result. */
  z.object({ id: z.number(), failure: z.string() }),
]);

export type Ready = z.infer<typeof readySchema>;
export type Reply = z.infer<typeof replySchema>;
