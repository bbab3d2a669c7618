import { randomBytes } from 'node:crypto';
import type { Interaction, Message } from 'discord.js';
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  FileUploadBuilder,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { collect, login, openHome } from './client.ts';

const startButton = new ActionRowBuilder<ButtonBuilder>().addComponents(
  new ButtonBuilder().setCustomId('start:7').setLabel('Start').setStyle(ButtonStyle.Primary),
);

const photoModal = new ModalBuilder()
  .setCustomId('photos')
  .setTitle('Add photos')
  .addLabelComponents(
    new LabelBuilder()
      .setLabel('Name')
      .setTextInputComponent(new TextInputBuilder().setCustomId('name').setStyle(TextInputStyle.Short).setMinLength(2)),
    new LabelBuilder()
      .setLabel('Photos')
      .setFileUploadComponent(new FileUploadBuilder().setCustomId('files').setMinValues(1).setMaxValues(3)),
  );

describe('interactions', () => {
  it('shows a reply to the one who asked', async () => {
    const { discord, channel, bob } = await openHome();
    await login(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply({ content: 'pong', flags: MessageFlags.Ephemeral });
    });
    const use = await bob.command(channel, 'ping');
    expect(await use.reply()).toMatchObject({ content: 'pong', ephemeralFor: bob.id });
    expect(discord.messages(channel)).toEqual([]);
    expect(discord.violations).toEqual([]);
  });

  it('carries all that a client reads from it', async () => {
    const { discord, guild, channel, bob } = await openHome();
    const { seen, see } = collect<Interaction>();
    await login(discord, async (interaction) => {
      see(interaction);
      if (interaction.isRepliable()) await interaction.reply('ok');
    });
    await (await bob.command(channel, 'ping')).reply();
    const interaction = await seen;
    expect(interaction.user.globalName).toBe('bob');
    expect(interaction.inCachedGuild() && interaction.guild.name).toBe('home');
    expect(interaction.channel?.id).toBe(channel.id);
    expect(interaction.appPermissions.has('AttachFiles')).toBe(true);
    expect(interaction.memberPermissions?.has('ManageGuild')).toBe(false);
    expect(interaction.attachmentSizeLimit).toBe(20 * 1024 * 1024);
    expect(interaction).toMatchObject({ guildLocale: 'en-US', locale: 'en-US', context: 0, guildId: guild.id });
    expect(interaction.authorizingIntegrationOwners[0]).toBe(guild.id);
  });

  it('waits through a deferral, whose choice to be ephemeral is final', async () => {
    const { discord, channel, bob } = await openHome();
    await login(discord, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply({ content: 'done', components: [startButton] });
    });
    const use = await bob.command(channel, 'ping');
    expect(await use.answer()).toMatchObject({ type: 'deferred' });
    const reply = await use.reply();
    expect(reply).toMatchObject({ content: 'done', ephemeralFor: bob.id });
    expect(reply.versions.map(({ content }) => content)).toEqual(['', 'done']);
    expect(discord.violations).toEqual([]);
  });

  it('refuses any flag but EPHEMERAL in a deferral', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<unknown>();
    await login(discord, async (interaction) => {
      const body = { type: 5, data: { flags: MessageFlags.IsComponentsV2 } };
      await interaction.client.rest
        .post(`/interactions/${interaction.id}/${interaction.token}/callback`, { body, auth: false })
        .catch(see);
    });
    await bob.command(channel, 'ping');
    expect(await seen).toMatchObject({ code: 50035, status: 400 });
    expect(discord.violations).toMatchObject([{ code: 50035 }]);
  });

  it('opens a modal and hands its text and files over unchanged', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<{ name: string; url: string }>();
    await login(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.showModal(photoModal);
      if (!interaction.isModalSubmit()) return;
      const file = interaction.fields.getUploadedFiles('files', true).first();
      see({ name: interaction.fields.getTextInputValue('name'), url: file?.url ?? '' });
      await interaction.reply('thanks');
    });
    const modal = await (await bob.command(channel, 'ping')).modal();
    const bytes = randomBytes(5000);
    await expect(modal.submit({ name: 'x', files: [{ name: 'a.jpg', bytes }] })).rejects.toThrow(
      '2 to 4000 characters',
    );
    await expect(modal.submit({ name: 'ambika', files: [] })).rejects.toThrow('1 to 3');
    const use = await modal.submit({ name: 'ambika', files: [{ name: 'a b.jpg', bytes }] });
    expect(await use.reply()).toMatchObject({ content: 'thanks' });
    const { name, url } = await seen;
    expect(name).toBe('ambika');
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
    expect(discord.violations).toEqual([]);
  });

  it('refuses a modal as the answer to a modal', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<unknown>();
    await login(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.showModal(photoModal);
      if (!interaction.isModalSubmit()) return;
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      await interaction.client.rest.post(path, { body: { type: 9, data: photoModal.toJSON() } }).catch(see);
    });
    const modal = await (await bob.command(channel, 'ping')).modal();
    await modal.submit({ name: 'ambika', files: [{ name: 'a.jpg', bytes: randomBytes(10) }] });
    expect(await seen).toMatchObject({ code: 50035 });
  });

  it('completes an option while the member types', async () => {
    const { discord, channel, bob } = await openHome();
    await login(discord, async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const { name, value } = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${name} ${value}`, value: 'ambika' }]);
    });
    const choices = await bob.autocomplete(channel, 'train', { name: 'amb' }, 'name');
    expect(choices).toEqual([{ name: 'name amb', value: 'ambika' }]);
    expect(discord.violations).toEqual([]);
  });

  it('updates a message from its button', async () => {
    const { discord, channel, bob } = await openHome();
    await login(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply({ content: 'order', components: [startButton] });
      if (!interaction.isButton()) return;
      await interaction.deferUpdate();
      await interaction.editReply({ content: 'started', components: [] });
    });
    const order = await (await bob.command(channel, 'ping')).reply();
    await expect(bob.press(order, 'Cancel')).rejects.toThrow('Start');
    expect(await (await bob.press(order, /^start:/)).reply()).toBe(order);
    expect(order).toMatchObject({ content: 'started', components: [] });
    await expect(bob.press(order, 'Start')).rejects.toThrow('nothing of the kind');
    expect(discord.violations).toEqual([]);
  });

  it('brings the target of a message command along, files included', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<{ content: string; url: string }>();
    await login(discord, async (interaction) => {
      if (!interaction.isMessageContextMenuCommand()) return;
      const { content, attachments } = interaction.targetMessage;
      see({ content, url: attachments.first()?.url ?? '' });
      await interaction.reply('ok');
    });
    const bytes = randomBytes(300);
    const message = await bob.post(channel, { content: 'me', files: [{ name: 'me.png', bytes }] });
    await (await bob.useOnMessage('Use these photos', message)).reply();
    const { content, url } = await seen;
    expect(content).toBe('me');
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
  });

  it('brings a forward along as a copy without an author, which the API withholds like anything members write', async () => {
    const { discord, guild, channel, bob } = await openHome();
    const { seen, see } = collect<Message>();
    const client = await login(discord, async (interaction) => {
      if (!interaction.isMessageContextMenuCommand()) return;
      see(interaction.targetMessage);
      await interaction.reply('ok');
    });
    const bytes = randomBytes(300);
    const original = await bob.post(channel, { content: 'me', files: [{ name: 'me.png', bytes }] });
    const elsewhere = guild.addTextChannel('elsewhere');
    const forward = await guild.addMember({ name: 'eve' }).forward(original, elsewhere);
    discord.deleteMessage(original);
    await (await bob.useOnMessage('Use these photos', forward)).reply();
    const { content, attachments, author, reference, messageSnapshots, flags } = await seen;
    expect([content, attachments.size, author.username]).toEqual(['', 0, 'eve']);
    expect(reference).toEqual({ type: 1, messageId: original.id, channelId: channel.id, guildId: guild.id });
    expect(flags.has('HasSnapshot')).toBe(true);
    const copy = messageSnapshots.first()!;
    expect([copy.content, copy.author]).toEqual(['me', null]);
    expect(Buffer.from(await (await fetch(copy.attachments.first()!.url)).arrayBuffer())).toEqual(bytes);
    expect(await client.rest.get(`/channels/${elsewhere.id}/messages/${forward.id}`)).toMatchObject({
      author: { id: forward.author.id },
      message_reference: { type: 1, message_id: original.id },
      message_snapshots: [{ message: { content: '', attachments: [] } }],
    });
    expect(discord.violations).toEqual([]);
  });

  it('answers 40060 to a second answer', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<unknown>();
    await login(discord, async (interaction) => {
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      const post = () => interaction.client.rest.post(path, { body: { type: 4, data: { content: 'hi' } } });
      await Promise.all([post(), post()]).catch(see);
    });
    await bob.command(channel, 'ping');
    expect(await seen).toMatchObject({ code: 40060, status: 400 });
    expect(discord.violations).toMatchObject([{ code: 40060 }]);
    expect(discord.messages(channel)).toHaveLength(1);
  });

  it('answers 10062 after three seconds, and tells the member that nothing came', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<unknown>();
    await login(discord, async (interaction) => {
      discord.clock.jump(3100);
      if (interaction.isRepliable()) await interaction.reply('late').catch(see);
    });
    const use = await bob.command(channel, 'ping');
    await expect(use.answer()).rejects.toThrow('did not respond');
    expect(await seen).toMatchObject({ code: 10062, status: 404 });
    expect(discord.violations.map(({ code }) => code)).toEqual(['late', 10062]);
  });

  it('ends an interaction token after 15 minutes with 50027', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<unknown>();
    await login(discord, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      discord.clock.jump(15 * 60_000 + 1);
      await interaction.editReply('too late').catch(see);
    });
    await bob.command(channel, 'ping');
    expect(await seen).toMatchObject({ code: 50027, status: 401 });
  });

  it('holds nobody responsible for an interaction while no bot is there', async () => {
    const { discord, channel, bob } = await openHome();
    const client = await login(discord);
    await client.destroy();
    await discord.until(() => discord.gateway.connected().length === 0);
    const use = await bob.command(channel, 'ping');
    discord.clock.jump(3100);
    await expect(use.answer()).rejects.toThrow('did not respond');
    expect(discord.violations).toEqual([]);
  });
});

describe('commands', () => {
  it('are checked as a client checks them before anything is sent', async () => {
    const { discord, channel, bob } = await openHome();
    await login(discord);
    await expect(bob.command(channel, 'nothing')).rejects.toThrow('not registered');
    await expect(bob.command(channel, 'train', {})).rejects.toThrow('"name"');
    await expect(bob.command(channel, 'train', { name: 'a', color: 'red' })).rejects.toThrow('"color"');
    await expect(bob.command(channel, 'train', { name: 'a', subject: 'dog' })).rejects.toThrow('"woman"');
    await expect(bob.command(channel, 'train', { name: 'a', photo: 'text' })).rejects.toThrow('a file');
    await expect(bob.command(channel, 'config', {}, { evenIfHidden: true })).rejects.toThrow('subcommands');
  });

  it('are hidden from members without the permission that they ask for', async () => {
    const { discord, guild, channel, bob } = await openHome();
    await login(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply(interaction.options.getSubcommand());
    });
    const ada = guild.addMember({ name: 'ada', permissions: 'ManageGuild' });
    await expect(bob.command(channel, 'config key')).rejects.toThrow('does not show');
    expect(await (await ada.command(channel, 'config key')).reply()).toMatchObject({ content: 'key' });
    const forced = await bob.command(channel, 'config key', {}, { evenIfHidden: true });
    expect(await forced.reply()).toMatchObject({ content: 'key' });
  });
});
