import { PermissionsBitField, type APIModalInteractionResponseCallbackData, type ModalBuilder } from 'discord.js';
import { invitePermissions } from '../../src/services/threads/permissions.ts';

export type Kind = 'command' | 'message' | 'autocomplete' | 'button' | 'select' | 'modal';

export interface Answer {
  readonly way: 'deferReply' | 'deferUpdate' | 'reply' | 'editReply' | 'followUp' | 'showModal' | 'respond';
  readonly body: unknown;
}

export interface Asked {
  readonly isAdmin?: boolean;
  /** Ids of the member's roles. */
  readonly roles?: readonly string[];
  readonly customId?: string;
  readonly commandName?: string;
  readonly subcommand?: string;
  /** Options of a command, by name. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Text inputs of a modal, by id. */
  readonly texts?: Readonly<Record<string, string>>;
  /** What was chosen in the selects of a modal, by id; in a select of a message, under `values`. */
  readonly chosen?: Readonly<Record<string, readonly string[]>>;
  /** What was chosen in the menus of roles and channels of a modal, by id. */
  readonly picked?: Readonly<Record<string, readonly string[]>>;
  /** Whether a modal was opened from a message. */
  readonly isFromMessage?: boolean;
  /** Answers with this error instead. */
  readonly failing?: Partial<Record<Answer['way'], unknown>>;
}

/** An interaction as the handlers use it: discord.js's names and flags, and a list of what was answered. */
export interface FakeInteraction {
  readonly answers: Answer[];
  replied: boolean;
  deferred: boolean;
  ephemeral: boolean | null;
}

const kindsThatReply: readonly Kind[] = ['command', 'message', 'button', 'select', 'modal'];

export function fakeInteraction(kind: Kind, asked: Asked = {}): FakeInteraction {
  const { isAdmin = false, options = {}, texts = {}, chosen = {}, picked = {}, failing = {} } = asked;
  const interaction: FakeInteraction = { answers: [], replied: false, deferred: false, ephemeral: null };
  const answer = (way: Answer['way'], flags: Partial<FakeInteraction>) => async (body?: unknown) => {
    if (failing[way] !== undefined) throw failing[way] as Error;
    interaction.answers.push({ way, body });
    Object.assign(interaction, flags);
    return Promise.resolve();
  };
  const is =
    (...kinds: readonly Kind[]) =>
    () =>
      kinds.includes(kind);
  return Object.assign(interaction, {
    guildId: 'guild1',
    user: { id: 'owner1' },
    member: { roles: asked.roles ?? [] },
    memberPermissions: new PermissionsBitField(isAdmin ? 'ManageGuild' : []),
    appPermissions: new PermissionsBitField(invitePermissions),
    channel: { id: 'channel1', type: 0 },
    customId: asked.customId,
    message: { id: 'message1' },
    commandName: asked.commandName,
    isChatInputCommand: is('command'),
    isMessageContextMenuCommand: is('message'),
    isAutocomplete: is('autocomplete'),
    isButton: is('button'),
    isStringSelectMenu: is('select'),
    isModalSubmit: is('modal'),
    isRepliable: is(...kindsThatReply),
    isFromMessage: () => asked.isFromMessage ?? true,
    options: {
      getString: (name: string) => options[name] ?? null,
      get: (name: string) => (name in options ? { value: options[name] } : null),
      getInteger: (name: string) => options[name] ?? null,
      getAttachment: (name: string) => options[name] ?? null,
      getFocused: () => options['focused'] ?? '',
      getSubcommand: () => asked.subcommand,
    },
    values: chosen['values'] ?? [],
    fields: {
      fields: new Map(Object.keys({ ...texts, ...chosen }).map((name) => [name, {}])),
      getTextInputValue: (name: string) => texts[name] ?? '',
      getStringSelectValues: (name: string) => chosen[name] ?? [],
      getSelectedRoles: (name: string) => pickedIn(picked[name]),
      getSelectedChannels: (name: string) => pickedIn(picked[name]),
    },
    deferReply: answer('deferReply', { deferred: true, ephemeral: true }),
    deferUpdate: answer('deferUpdate', { deferred: true }),
    reply: answer('reply', { replied: true, ephemeral: true }),
    editReply: answer('editReply', { replied: true }),
    followUp: answer('followUp', { replied: true }),
    showModal: answer('showModal', { replied: true }),
    respond: answer('respond', {}),
  });
}

/** As discord.js gives it: null for none. */
function pickedIn(ids: readonly string[] = []): ReadonlyMap<string, object> | null {
  return ids.length === 0 ? null : new Map(ids.map((id) => [id, { id }]));
}

/** The modal that was shown, in Discord's form. */
export function modalIn({ answers }: FakeInteraction): APIModalInteractionResponseCallbackData {
  const shown = answers.find(({ way }) => way === 'showModal');
  if (!shown) throw new Error(`no modal was shown, but ${answers.map(({ way }) => way).join(', ')}`);
  return (shown.body as ModalBuilder).toJSON();
}

/** The text that was answered last. */
export function answerIn({ answers }: FakeInteraction): string {
  const body = answers.at(-1)?.body;
  return typeof body === 'string' ? body : ((body as { content?: string } | undefined)?.content ?? '');
}
