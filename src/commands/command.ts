import {
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type APIInteractionGuildMember,
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type ContextMenuCommandBuilder,
  type GuildMember,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  type PermissionsBitField,
  type RESTPostAPIApplicationCommandsJSONBody,
  type SlashCommandBuilder,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { GuildId, JobId, MemberId, RoleId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { Redaction } from '../lib/redaction.ts';
import type { SettingsStore } from '../services/guilds/guild-settings.ts';
import type { Vault } from '../services/guilds/vault.ts';
import type { CompareModels } from '../services/jobs/desk/catalog.ts';
import type { Desk } from '../services/jobs/desk/desk.ts';
import type { Actor } from '../services/jobs/desk/job-editor.ts';
import type { BaseModels } from '../services/jobs/review/base-models.ts';
import type { Reviewer } from '../services/jobs/review/reviewer.ts';
import type { TrainingApi } from '../services/modelslab/training-api.ts';
import type { ForgetGuild, MemberEraser } from '../services/retention/forget.ts';
import type { CustomId, Verb } from '../services/threads/cards/custom-id.ts';
import type { FindAuthor } from '../services/threads/rest/originals.ts';
import type { Threads } from '../services/threads/threads.ts';

/** What commands may use. Handed to every handler. */
export interface Services {
  readonly desk: Desk;
  readonly reviewer: Reviewer;
  readonly compareModels: CompareModels;
  readonly settings: SettingsStore;
  readonly vault: Vault;
  /** The servers' keys at Weights & Biases. */
  readonly wandb: Vault;
  readonly baseModels: Pick<BaseModels, 'find'>;
  readonly forgetGuild: ForgetGuild;
  readonly memberEraser: MemberEraser;
  readonly api: Pick<TrainingApi, 'list' | 'wallet'>;
  readonly threads: Threads;
  readonly findAuthor: FindAuthor;
  readonly secrets: Redaction;
  readonly log: Logger;
  /** Aborts when the program stops. */
  readonly signal: AbortSignal;
}

export interface Command {
  /** Absent where only buttons and modals belong together. */
  readonly payload?: RESTPostAPIApplicationCommandsJSONBody;
  readonly execute?: (interaction: ChatInputCommandInteraction, services: Services) => Promise<void>;
  readonly executeOnMessage?: (interaction: MessageContextMenuCommandInteraction, services: Services) => Promise<void>;
  readonly autocomplete?: (interaction: AutocompleteInteraction, services: Services) => Promise<void>;
  readonly buttons?: Handlers<ButtonInteraction>;
  readonly selects?: Handlers<StringSelectMenuInteraction>;
  readonly modals?: Handlers<ModalSubmitInteraction>;
}

export type Handler<Asked> = (interaction: Asked, services: Services, id: CustomId) => Promise<void>;

/** By the verb of the custom id. */
export type Handlers<Asked> = Readonly<Partial<Record<Verb, Handler<Asked>>>>;

export interface Acting {
  readonly guildId: string | null;
  readonly user: { readonly id: string };
  readonly member: Pick<GuildMember | APIInteractionGuildMember, 'roles'> | null;
  readonly memberPermissions: Readonly<PermissionsBitField> | null;
}

export function actorOf({ guildId, user, member, memberPermissions }: Acting): Actor {
  if (guildId === null)
    throw new UserError('This works in a server only. Use the command in a channel of the server that has the bot.');
  // Discord's ids are opaque text: these are the places where they get their names.
  const isAdmin = memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
  const roleIds = [guildId, ...rolesOf(member)] as RoleId[];
  return { guildId: guildId as GuildId, memberId: user.id as MemberId, roleIds, isAdmin };
}

/** Without the role that everybody has, whose id is the server's own. */
function rolesOf(member: Acting['member']): readonly string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}

/** Discord lets admins hand commands to anybody: what the command says of itself is not enough. */
export function adminOf(interaction: Acting): Actor {
  const actor = actorOf(interaction);
  if (!actor.isAdmin) throw new UserError('Only people who may manage this server can do that. Ask one of its admins.');
  return actor;
}

export function jobIdOf({ id }: CustomId): JobId {
  return id as JobId;
}

/** A command that is offered in servers alone: elsewhere there is no key that could pay, and no admin. */
export function guildOnly<Builder extends SlashCommandBuilder | ContextMenuCommandBuilder>(builder: Builder): Builder {
  builder.setContexts(InteractionContextType.Guild);
  builder.setIntegrationTypes(ApplicationIntegrationType.GuildInstall);
  return builder;
}
