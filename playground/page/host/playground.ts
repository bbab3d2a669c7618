import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDiscord, type Discord } from '../../discord/discord.ts';
import type { Guild } from '../../discord/driver/guild.ts';
import type { Member } from '../../discord/driver/member.ts';
import type { Permission } from '../../discord/permissions.ts';
import type { TextChannel } from '../../discord/state/channel.ts';
import type { Limits } from '../../discord/world.ts';
import type { Account } from '../../modelslab/accounts.ts';
import { startModelsLab, type ModelsLab } from '../../modelslab/modelslab.ts';
import { createBot, type Bot } from './bot.ts';
import { createTrouble, type Trouble } from './trouble.ts';

/** The stand-ins with two servers and their people, and the bot between them. */
export interface Playground {
  readonly discord: Discord;
  readonly modelsLab: ModelsLab;
  readonly bot: Bot;
  readonly trouble: Trouble;
  /** The admin first. */
  readonly people: readonly [admin: Person, ...members: Person[]];
  readonly accounts: readonly ServerAccount[];
  readonly speed: { get(): number; set(speed: number): void };
  /** Resolves once the first server has its key; to `false` when that did not work out, and is left to the admin. */
  readonly isSetUp: Promise<boolean>;
  close(): Promise<void>;
}

/** Somebody, in every server that they are in. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly memberships: readonly Member[];
}

export interface ServerAccount {
  readonly guild: Guild;
  readonly account: Account;
}

export interface PlaygroundOptions {
  readonly onChange: () => void;
  /** How many times faster than a real training; 60 unless given. */
  readonly speed?: number;
  /** Discord's own unless given. */
  readonly limits?: Partial<Limits>;
}

/** About what a real training takes. */
const trainingMs = 30 * 60_000;

export async function startPlayground({ onChange, speed = 60, limits = {} }: PlaygroundOptions): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-playground-'));
  const [discord, modelsLab] = await Promise.all([startDiscord({ limits }), startModelsLab({ trainingMs })]);
  const closing = new AbortController();
  const club = addServer('Friends of pictures', { discord, modelsLab });
  const newClub = addServer('The new club', { discord, modelsLab });
  const servers = [club, newClub] as const;
  const ada = enter('Ada', servers, ['ManageGuild']);
  const environment = environmentFor({ discord, modelsLab, folder });
  const bot = createBot({ discord, environment, now: () => discord.clock.now(), onChange });
  const isSetUp = setUp(club, ada, { discord, signal: closing.signal });
  bot.start();
  let factor = speed;
  modelsLab.setSpeed(factor);

  return {
    discord,
    modelsLab,
    bot,
    trouble: createTrouble({
      discord,
      modelsLab,
      accounts: servers.map(({ account }) => account),
      channels: servers.map(({ channel }) => channel),
    }),
    people: [ada, enter('Bob', servers), enter('Cleo', servers)],
    accounts: servers,
    speed: {
      get: () => factor,
      set(wanted) {
        factor = wanted;
        modelsLab.setSpeed(wanted);
      },
    },
    isSetUp,
    async close() {
      closing.abort();
      await bot.close();
      await Promise.all([discord.close(), modelsLab.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Server extends ServerAccount {
  readonly channel: TextChannel;
}

function addServer(name: string, { discord, modelsLab }: Pick<Playground, 'discord' | 'modelsLab'>): Server {
  const guild = discord.addGuild({ name });
  return { guild, channel: guild.addTextChannel('photos'), account: modelsLab.addAccount() };
}

function enter(
  name: string,
  [first, ...others]: readonly [Server, ...Server[]],
  permissions: readonly Permission[] = [],
): Person {
  const member = first.guild.addMember({ name, permissions });
  return { id: member.id, name, memberships: [member, ...others.map(({ guild }) => guild.join(member, permissions))] };
}

/** Members can train in the first server at once; the second one is for the admin to set up. */
async function setUp(
  server: Server,
  admin: Person,
  { discord, signal }: { readonly discord: Discord; readonly signal: AbortSignal },
): Promise<boolean> {
  const isThere = await registered(discord, signal).then(
    () => true,
    () => false,
  );
  for (let attempt = 0; isThere && attempt < attempts && !signal.aborted; attempt += 1) {
    if (await enterKey(server, admin)) return true;
  }
  return false;
}

/** On a machine that is busy with starting everything, three seconds may be too short for an answer. */
const attempts = 5;

async function enterKey({ channel, account }: Server, admin: Person): Promise<boolean> {
  try {
    const modal = await (await memberAt(admin, channel).command(channel, 'config key')).modal();
    await (await modal.submit({ api_key: account.key })).reply();
    return true;
  } catch {
    return false;
  }
}

async function registered({ events }: Discord, signal: AbortSignal): Promise<void> {
  for await (const { type } of events.follow(signal)) if (type === 'commands-registered') return;
}

/** What somebody does in a server, they do as its member. */
export function memberAt({ memberships, name }: Person, { guildId }: { readonly guildId: string }): Member {
  const member = memberships.find(({ guild }) => guild.id === guildId);
  if (!member) throw new Error(`Cannot do this as ${name}, who is not in this server`);
  return member;
}

function environmentFor({
  discord,
  modelsLab,
  folder,
}: Pick<Playground, 'discord' | 'modelsLab'> & { readonly folder: string }): Readonly<Record<string, string>> {
  return {
    DISCORD_TOKEN: discord.botToken,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_CDN_ORIGINS: discord.cdnOrigin,
    MODELSLAB_URL: modelsLab.url,
    MODELSLAB_SANDBOX_URL: modelsLab.sandboxUrl,
    DATABASE_URL: `sqlite:${join(folder, 'darkroom.db')}`,
    MASTER_KEYS: `k1:${Buffer.alloc(32, 'playground').toString('base64')}`,
    PORT: '0',
    POLL_SECONDS: '0.5',
  };
}
