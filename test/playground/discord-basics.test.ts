import { Client, Events, MessageFlags } from 'discord.js';
import { expect, it } from 'vitest';
import { startDiscord } from '../../playground/discord/discord.ts';

it('lets a real client log in, register, and answer a command', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild({ name: 'home' });
  const channel = guild.addTextChannel('photos');
  const member = guild.addMember({ name: 'bob' });
  const client = new Client({ intents: ['Guilds'], rest: { api: discord.apiUrl } });
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isChatInputCommand()) void interaction.reply({ content: 'pong', flags: MessageFlags.Ephemeral });
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  await ready;
  await client.application!.commands.set([{ name: 'ping', description: 'Answers' }]);
  const use = await member.command(channel, 'ping');
  const reply = await use.reply();
  expect(reply).toMatchObject({ content: 'pong', ephemeralFor: member.id });
  expect(discord.violations).toEqual([]);
  expect(discord.validates).toBe(true);
  await client.destroy();
  await discord.close();
});
