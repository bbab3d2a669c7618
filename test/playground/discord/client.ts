import type { ClientOptions, Interaction } from 'discord.js';
import { Client, Events } from 'discord.js';
import { onTestFinished } from 'vitest';
import type { Discord, DiscordOptions } from '../../../playground/discord/discord.ts';
import { startDiscord } from '../../../playground/discord/discord.ts';
import type { Guild } from '../../../playground/discord/driver/guild.ts';
import type { Member } from '../../../playground/discord/driver/member.ts';
import type { TextChannel } from '../../../playground/discord/state/channel.ts';

export interface Home {
  readonly discord: Discord;
  readonly guild: Guild;
  readonly channel: TextChannel;
  readonly bob: Member;
}

/** A Discord with one guild, one channel and one member; gone when the test ends. */
export async function openHome(options: DiscordOptions = {}): Promise<Home> {
  const discord = await startDiscord(options);
  onTestFinished(() => discord.close());
  const guild = discord.addGuild({ name: 'home' });
  return { discord, guild, channel: guild.addTextChannel('photos'), bob: guild.addMember({ name: 'bob' }) };
}

const commands = [
  { name: 'ping', description: 'Answers' },
  {
    name: 'config',
    description: 'Settings',
    default_member_permissions: '32',
    options: [{ type: 1, name: 'key', description: 'The key' }],
  },
  {
    name: 'train',
    description: 'Trains',
    options: [
      { type: 3, name: 'name', description: 'Its name', required: true, autocomplete: true },
      { type: 3, name: 'subject', description: 'Of what', choices: [{ name: 'Woman', value: 'woman' }] },
      { type: 11, name: 'photo', description: 'A photo' },
    ],
  },
  { name: 'Use these photos', type: 3 },
];

/** A real client, logged in and with commands registered. What `act` does wrong fails the test like any rejection. */
export async function login(
  discord: Discord,
  act: (interaction: Interaction) => Promise<unknown> = () => Promise.resolve(),
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = new Client({ intents: ['Guilds'], ...options, rest: { api: discord.apiUrl, ...options.rest } });
  onTestFinished(() => client.destroy());
  client.on(Events.Error, () => undefined);
  client.on(Events.InteractionCreate, (interaction) => void act(interaction));
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  const logged = await ready;
  await logged.application.commands.set(commands);
  return logged;
}

/** A promise with its ends at hand, for what happens inside a handler. */
export function collect<T>(): { readonly seen: Promise<T>; readonly see: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { seen: promise, see: resolve };
}
