import { z } from 'zod';
import type { FromPage, TroubleName } from '../protocol.ts';

const id = z.string().max(64);
const fileIds = z.array(id).max(25);
const text = z.string().max(6000);

const optionValue = z.union([text, z.number(), z.boolean(), z.object({ fileId: id }), z.object({ id })]);
const fieldValue = z.union([text, z.boolean(), z.array(text).max(25), z.object({ fileIds })]);
const options = z.record(z.string(), optionValue);

const troubles = [
  'provider-down',
  'drop-before-charge',
  'drop-after-charge',
  'no-credit',
  'discord-429',
  'channels-closed',
] as const satisfies readonly TroubleName[];

const ask = z.number();
const inChannel = { ask, channelId: id };
const onMessage = { ...inChannel, messageId: id };

/** What a page may send. */
const fromPage: z.ZodType<FromPage> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('seeAs'), ask, personId: id }),
  z.object({ type: z.literal('command'), ...inChannel, path: text, options }),
  z.object({ type: z.literal('autocomplete'), ...inChannel, path: text, options, focused: text }),
  z.object({ type: z.literal('openContextCommand'), ...onMessage, path: text }),
  z.object({ type: z.literal('press'), ...onMessage, customId: text }),
  z.object({ type: z.literal('select'), ...onMessage, customId: text, values: z.array(text).max(25) }),
  z.object({ type: z.literal('submitModal'), ask, modalId: id, values: z.record(z.string(), fieldValue) }),
  z.object({ type: z.literal('post'), ...inChannel, content: text, fileIds }),
  z.object({ type: z.literal('forward'), ...onMessage, toChannelId: id }),
  z.object({ type: z.literal('trouble'), ask, name: z.enum(troubles), isOn: z.boolean() }),
  z.object({ type: z.literal('speed'), ask, speed: z.number().min(1).max(600) }),
  z.object({ type: z.literal('bot'), ask, action: z.enum(['kill', 'stop', 'start']) }),
]);

/** Throws for anything that the page of this version does not send. */
export function parseAsk(message: string): FromPage {
  return fromPage.parse(JSON.parse(message));
}
