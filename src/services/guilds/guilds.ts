import type { ChannelId, GuildId, MemberId, RoleId } from '../../lib/ids.ts';
import type { ApiKey } from '../modelslab/training-api.ts';
import type { MethodId } from '../modelslab/methods.ts';
import type { PlanId } from '../modelslab/plans.ts';
import type { CropStrategy } from '../photos/photo.ts';

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
  /** No limit, but what a training counts as whose price is by the hour; absent while nobody said. */
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
  /** Members who hold one of these may train, and admins; none: whoever may use the commands. */
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

/** What may be told about a key. */
export interface KeyFacts {
  readonly lastFour: string;
  readonly fingerprint: string;
  /** Absent when that member had what is kept about them erased. */
  readonly setBy?: MemberId | undefined;
  readonly setAt: number;
}

/** Keeps one secret of each server, encrypted and bound to that server and to what it is for. */
export interface Vault {
  /** Encrypts and stores; replaces the key that was there. Durable when it resolves. */
  keep(guildId: GuildId, secret: string, setBy: MemberId): Promise<KeyFacts>;
  /** Undefined when the server has no key. Rejects with `UserError` when the record cannot be decrypted. */
  open(guildId: GuildId): Promise<ApiKey | undefined>;
  facts(guildId: GuildId): Promise<KeyFacts | undefined>;
  forget(guildId: GuildId): Promise<void>;
}
