/** Branded ids: a guild's id cannot be passed where a job's is meant. All are opaque strings. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type GuildId = Branded<'GuildId'>;
export type ChannelId = Branded<'ChannelId'>;
export type RoleId = Branded<'RoleId'>;
export type MessageId = Branded<'MessageId'>;
/** A Discord user, as a member of a guild. */
export type MemberId = Branded<'MemberId'>;
/** Ours: 10 characters, safe in a custom id and in a file name. */
export type JobId = Branded<'JobId'>;
/** Theirs: 10 or 25 characters, or a UUID. */
export type TrainingId = Branded<'TrainingId'>;
