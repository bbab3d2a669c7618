import { Keyv } from 'keyv';
import { z } from 'zod';
import type { ChannelId, GuildId, RoleId } from '../../lib/ids.ts';
import { isMethodId, planIds, type MethodId, type PlanId } from '../modelslab/methods.ts';
import { cropStrategies, type CropStrategy } from '../photos/photo.ts';
import type { KeyvAdapter } from './keyv-adapter.ts';

/** Who can read the threads: everybody in the channel, or the owner and moderators. */
export type ThreadKind = 'public' | 'private';

/** How much may be trained and spent. Each is absent when there is no such limit. Days and months are those of UTC. */
export interface Limits {
  /** Trainings of a member that are under way. */
  readonly memberAtOnce?: number | undefined;
  readonly serverAtOnce?: number | undefined;
  /** Trainings that a member begins. */
  readonly memberPerDay?: number | undefined;
  readonly memberPerMonth?: number | undefined;
  /** What the server spends. */
  readonly usdPerMonth?: number | undefined;
  /** No limit, but what a training counts as whose price is by the hour; absent until an admin says. */
  readonly usdPerHourly?: number | undefined;
}

/** What a server's admins chose. Every field has a default, so a server that never chose anything has settings too. */
export interface GuildSettings extends Limits {
  readonly method: MethodId;
  /** The base model for methods that let one choose; the method's own default when absent. */
  readonly baseModel?: string;
  readonly crop: CropStrategy;
  /** `thread`: crops are posted in the thread and their links sent. `upload`: handed to the provider directly. */
  readonly handOver: 'thread' | 'upload';
  readonly threads: ThreadKind;
  /** What members may train on; `no-people` leaves objects and styles. */
  readonly subjects: 'everything' | 'no-people';
  /** Members who hold one of these may train, and admins; none: every member who may use the commands. */
  readonly roles: readonly RoleId[];
  /** Where members may train, with the threads there; none: everywhere. */
  readonly channels: readonly ChannelId[];
  /** What the key's account has booked: it says how many trainings run at once. */
  readonly plan: PlanId;
}

/** `undefined` takes a choice back. */
export type SettingsChange = { readonly [K in keyof GuildSettings]?: GuildSettings[K] | undefined };

export interface SettingsStore {
  /** Rejects when the store cannot be read: it never answers with defaults instead. */
  get(guildId: GuildId): Promise<GuildSettings>;
  /** Durable when it resolves. */
  change(guildId: GuildId, change: SettingsChange): Promise<GuildSettings>;
  forget(guildId: GuildId): Promise<void>;
}

export interface SettingsDeps {
  /** Its own: Keyv puts its namespace on it. */
  readonly storage: KeyvAdapter;
}

/** Only what was chosen is stored, field by field as any version wrote it; the rest is today's default. */
const storedSchema = z.record(z.string(), z.unknown());
type Stored = z.infer<typeof storedSchema>;

/** Stands for a list of Discord's ids that cannot be read: there is no such role or channel, so only admins may. */
const nothing = ['unreadable'];

const listOf = <Id extends string>() =>
  z
    .array(z.string().min(1) as unknown as z.ZodType<Id>)
    .default([])
    .catch(nothing as Id[]);

/** A limit that cannot be read lets nothing through. */
const limit = z.number().nonnegative().optional().catch(0);

/** A field that we cannot read, say a method that no longer exists, falls back alone: the others still count. */
const settingsSchema = z.object({
  method: z.custom<MethodId>((id) => typeof id === 'string' && isMethodId(id)).catch('lora-sdxl'),
  baseModel: z.string().min(1).optional().catch(undefined),
  crop: z.enum(cropStrategies).catch('attention'),
  handOver: z.enum(['thread', 'upload']).catch('thread'),
  threads: z.enum(['public', 'private']).catch('public'),
  // What this version cannot read was once chosen by an admin: it may only ever allow less.
  subjects: z.enum(['everything', 'no-people']).default('everything').catch('no-people'),
  roles: listOf<RoleId>(),
  channels: listOf<ChannelId>(),
  memberAtOnce: limit,
  serverAtOnce: limit,
  memberPerDay: limit,
  memberPerMonth: limit,
  usdPerMonth: limit,
  usdPerHourly: z.number().nonnegative().optional().catch(undefined),
  plan: z.enum(planIds).catch('pay-as-you-go'),
});

export function createSettingsStore({ storage }: SettingsDeps): SettingsStore {
  const rows = new Keyv<unknown>({ store: storage, namespace: 'settings', throwOnErrors: true });
  // Reading, changing and writing must not overlap, or one of two admins' changes is lost. A server's commands all
  // reach one process, so a queue in it is enough.
  let lastChange: Promise<unknown> = Promise.resolve();

  async function read(guildId: GuildId): Promise<Stored> {
    return storedSchema.parse((await rows.get(guildId)) ?? {});
  }

  async function change(guildId: GuildId, chosen: SettingsChange): Promise<GuildSettings> {
    const stored = { ...(await read(guildId)), ...chosen };
    await rows.set(guildId, stored);
    return complete(stored);
  }

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = lastChange.then(work);
    lastChange = result.catch(() => undefined);
    return result;
  }

  return {
    get: async (guildId) => complete(await read(guildId)),
    change: (guildId, chosen) => inTurn(() => change(guildId, chosen)),
    forget: (guildId) =>
      inTurn(async () => {
        await rows.delete(guildId);
      }),
  };
}

function complete(stored: Stored): GuildSettings {
  const { baseModel, ...settings } = settingsSchema.parse(stored);
  return { ...settings, ...(baseModel !== undefined && { baseModel }) };
}
