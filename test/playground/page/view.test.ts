import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  ComponentType,
  EmbedBuilder,
  MessageFlags,
  SeparatorSpacingSize,
  type Client,
  type TextChannel as ClientChannel,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { Discord } from '../../../playground/discord/discord.ts';
import { differenceTo, sentBy } from '../../../playground/page/host/difference.ts';
import { viewOf } from '../../../playground/page/host/view.ts';
import type { MessageView, View } from '../../../playground/page/protocol.ts';
import { drawPortraits } from '../../../playground/photos/portraits.ts';
import { collect, login, openHome } from '../discord/client.ts';

/* What the page shows to whom, by what a bot does at the stand-in. */

function viewAs(discord: Discord, viewer: { readonly id: string }): View {
  const linkTo: Discord['linkTo'] = (attachment) => discord.linkTo(attachment);
  return viewOf({ sight: discord.sightOf(viewer), viewerId: viewer.id, now: discord.clock.now(), linkTo });
}

async function channelOf(client: Client<true>, { id }: { readonly id: string }): Promise<ClientChannel> {
  return (await client.channels.fetch(id)) as ClientChannel;
}

const pixel = async () => (await drawPortraits({ count: 1, size: { width: 64, height: 48 } }))[0]!.bytes;

describe('a member sees', () => {
  it('a private thread and what is said in it only from within, or when managing threads', async () => {
    const { discord, guild, channel, bob } = await openHome();
    const cleo = guild.addMember({ name: 'cleo' });
    const ada = guild.addMember({ name: 'ada', permissions: 'ManageThreads' });
    const place = await channelOf(await login(discord), channel);
    const thread = await place.threads.create({ name: 'for bob', type: ChannelType.PrivateThread });
    await thread.send(`<@${bob.id}>, here it is`);
    const seen = [bob, ada, cleo].map((viewer) => viewAs(discord, viewer));
    expect(seen.map(({ threads }) => threads.map(({ name, isMember }) => [name, isMember]))).toEqual([
      [['for bob', true]],
      [['for bob', false]],
      [],
    ]);
    expect(seen.map(({ messages }) => messages.map(({ mentionsMe }) => mentionsMe))).toEqual([[true], [false], []]);
  });

  it('an ephemeral answer only when it is theirs', async () => {
    const { discord, guild, channel, bob } = await openHome();
    const cleo = guild.addMember({ name: 'cleo' });
    await login(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply({ content: 'psst', flags: MessageFlags.Ephemeral });
    });
    await (await bob.command(channel, 'ping')).reply();
    expect(viewAs(discord, bob).messages).toMatchObject([{ content: 'psst', isEphemeral: true }]);
    expect(viewAs(discord, cleo).messages).toEqual([]);
  });

  it('what the bot wrote to them directly, once it did', async () => {
    const { discord, guild, bob } = await openHome();
    const cleo = guild.addMember({ name: 'cleo' });
    const client = await login(discord);
    discord.directChannel(cleo);
    await client.users.send(bob.id, 'for you alone');
    const [own, hers] = [viewAs(discord, bob), viewAs(discord, cleo)];
    expect(own.directs).toMatchObject([{ personId: client.user.id, name: 'Darkroom', mayWrite: false }]);
    expect(own.messages).toMatchObject([{ channelId: own.directs[0]!.id, content: 'for you alone' }]);
    expect(hers).toMatchObject({ directs: [], messages: [] });
  });

  it('that a button gave no answer, until it gives one', async () => {
    const { discord, channel, bob } = await openHome();
    let presses = 0;
    const client = await login(discord, async (interaction) => {
      presses += 1;
      if (presses > 1 && interaction.isButton()) await interaction.deferUpdate();
    });
    const button = new ButtonBuilder({ customId: 'go', label: 'Go', style: ButtonStyle.Primary });
    const place = await channelOf(client, channel);
    await place.send({ components: [new ActionRowBuilder<ButtonBuilder>().addComponents(button)] });
    const press = () => bob.press(discord.messages(channel)[0]!, 'go');
    await press();
    discord.clock.jump(3100);
    expect(viewAs(discord, bob).uses).toMatchObject([{ title: 'button "Go"', state: 'failed' }]);
    await (await press()).answer();
    expect(viewAs(discord, bob).uses).toEqual([]);
  });

  it('neither a channel that was deleted nor the threads below it', async () => {
    const { discord, channel, bob } = await openHome();
    const place = await channelOf(await login(discord), channel);
    await place.threads.create({ name: 'below' });
    discord.deleteChannel(channel);
    expect(viewAs(discord, bob)).toMatchObject({ channels: [], threads: [] });
  });

  it('nothing of a server that they are not in', async () => {
    const { discord, bob } = await openHome();
    const other = discord.addGuild({ name: 'other' });
    other.addTextChannel('secret');
    expect(viewAs(discord, bob).channels.map(({ name }) => name)).toEqual(['photos']);
    other.join(bob);
    const { guilds, channels, people } = viewAs(discord, bob);
    expect(channels.map(({ name }) => name)).toEqual(['photos', 'secret']);
    expect(people.find(({ id }) => id === bob.id)?.guildIds).toEqual(guilds.map(({ id }) => id));
  });

  it('the commands that they may use, each subcommand by itself', async () => {
    const { discord, guild, bob } = await openHome();
    const ada = guild.addMember({ name: 'ada', permissions: 'ManageGuild' });
    await login(discord);
    const paths = (viewer: { readonly id: string }) => viewAs(discord, viewer).commands.map(({ path }) => path);
    expect(paths(bob)).toEqual(['ping', 'train', 'Use these photos']);
    expect(paths(ada)).toEqual(['ping', 'config key', 'train', 'Use these photos']);
    expect(viewAs(discord, bob).commands.find(({ path }) => path === 'train')?.options).toMatchObject([
      { name: 'name', type: 'text', isRequired: true, hasAutocomplete: true },
      { name: 'subject', type: 'text', isRequired: false, choices: [{ name: 'Woman', value: 'woman' }] },
      { name: 'photo', type: 'attachment', isRequired: false },
    ]);
  });

  it('no commands where they may not use any', async () => {
    const { discord, channel, bob } = await openHome();
    const place = await channelOf(await login(discord), channel);
    const { id } = await place.threads.create({ name: 'old' });
    const commandsIn = () => viewAs(discord, bob).threads.find((thread) => thread.id === id)?.commandIds.length;
    expect(commandsIn()).toBe(3);
    discord.archive(discord.threads(channel)[0]!);
    expect(commandsIn()).toBe(0);
  });
});

describe('a message shows', () => {
  async function shown(body: Parameters<ClientChannel['send']>[0]): Promise<MessageView> {
    const { discord, channel, bob } = await openHome();
    const place = await channelOf(await login(discord), channel);
    await place.send(body);
    return viewAs(discord, bob).messages[0]!;
  }

  it('a file once: in its embed, or else below', async () => {
    const files = [
      { name: 'sheet.jpg', attachment: await pixel() },
      { name: 'notes.txt', attachment: Buffer.from('hello') },
    ];
    const embed = new EmbedBuilder().setTitle('Crops').setImage('attachment://sheet.jpg').setColor(0xff8800);
    const { embeds, attachments } = await shown({ embeds: [embed], files });
    expect(embeds).toMatchObject([{ title: 'Crops', color: 0xff8800, image: { width: 64, height: 48 } }]);
    expect(attachments).toMatchObject([{ name: 'notes.txt', bytes: 5, contentType: 'text/plain; charset=utf-8' }]);
    const picture = await fetch(embeds[0]!.image!.url);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  });

  it('buttons as they are', async () => {
    const start = new ButtonBuilder().setCustomId('start:7').setLabel('Start').setStyle(ButtonStyle.Success);
    const off = new ButtonBuilder().setCustomId('x').setEmoji('❌').setStyle(ButtonStyle.Danger).setDisabled(true);
    const link = new ButtonBuilder().setURL('http://127.0.0.1/').setLabel('See').setStyle(ButtonStyle.Link);
    const row = new ActionRowBuilder<ButtonBuilder>().addComponents(start, off, link);
    const { components } = await shown({ content: 'Now?', components: [row] });
    expect(components).toMatchObject([
      {
        kind: 'row',
        components: [
          { kind: 'button', customId: 'start:7', label: 'Start', style: 'success', isDisabled: false },
          { customId: 'x', label: '', emoji: '❌', style: 'danger', isDisabled: true },
          { customId: null, url: 'http://127.0.0.1/', style: 'link' },
        ],
      },
    ]);
  });

  it('components of the second version, with their pictures', async () => {
    const media = { url: 'attachment://a.jpg' };
    const text = { type: ComponentType.TextDisplay, content: '**Hello**' };
    const { components, attachments, content } = await shown({
      flags: MessageFlags.IsComponentsV2,
      files: [{ name: 'a.jpg', attachment: await pixel() }],
      components: [
        {
          type: ComponentType.Container,
          accent_color: 255,
          components: [
            {
              type: ComponentType.Section,
              components: [text],
              accessory: { type: ComponentType.Thumbnail, media, description: 'her face', spoiler: true },
            },
            { type: ComponentType.Separator, divider: false, spacing: SeparatorSpacingSize.Large },
            { type: ComponentType.MediaGallery, items: [{ media }] },
            { type: ComponentType.File, file: media },
          ],
        },
      ],
    });
    const picture = { width: 64, height: 48, contentType: 'image/jpeg' };
    expect(components).toMatchObject([
      {
        kind: 'container',
        color: 255,
        components: [
          {
            kind: 'section',
            components: [{ kind: 'text', content: '**Hello**' }],
            accessory: { kind: 'thumbnail', media: { ...picture, description: 'her face' }, isSpoiler: true },
          },
          { kind: 'separator', hasLine: false, isLarge: true },
          { kind: 'gallery', items: [{ media: picture, isSpoiler: false }] },
          { kind: 'file', file: picture, name: 'a.jpg' },
        ],
      },
    ]);
    expect([attachments, content]).toEqual([[], '']);
  });

  it('that the bot thinks, what it came to, and only then that it changed its mind', async () => {
    const { discord, channel, bob } = await openHome();
    const { seen, see } = collect<(text: string) => Promise<unknown>>();
    await login(discord, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      see((text) => interaction.editReply(text));
    });
    const only = () => viewAs(discord, bob).messages[0]!;
    await (await bob.command(channel, 'ping')).answer();
    expect(only()).toMatchObject({ isLoading: true, editedAt: null, usedBy: { name: 'bob', title: '/ping' } });
    const say = await seen;
    await say('Done');
    expect(only()).toMatchObject({ isLoading: false, content: 'Done', editedAt: null });
    await say('Done, really');
    expect(only().editedAt).toBeGreaterThan(only().createdAt);
  });

  it('what it answers, forwards, and the thread that was started from it', async () => {
    const { discord, channel, bob } = await openHome();
    const place = await channelOf(await login(discord), channel);
    const written = await bob.post(channel, { content: 'Look', files: [{ name: 'a.txt', bytes: Buffer.from('a') }] });
    await place.send({ content: 'Nice', reply: { messageReference: written.id } });
    await bob.forward(written, channel);
    await place.messages.fetch(written.id).then((one) => one.startThread({ name: 'about it' }));
    const { messages, threads } = viewAs(discord, bob);
    expect(messages[0]).toMatchObject({ threadId: threads[0]!.id, isBot: false, authorName: 'bob' });
    expect(threads[0]!.starterId).toBe(written.id);
    expect(messages[1]!.repliesTo).toEqual({ messageId: written.id, authorName: 'bob', excerpt: 'Look' });
    expect(messages[2]!.forwarded).toMatchObject({
      content: 'Look',
      channelName: 'photos',
      attachments: [{ name: 'a.txt' }],
    });
  });
});

describe('what is sent of a change', () => {
  it('brings a page to what a fresh one shows, step by step, and is nothing when nothing changed', async () => {
    const { discord, guild, channel, bob } = await openHome();
    const place = await channelOf(await login(discord), channel);
    const cleo = guild.addMember({ name: 'cleo' });
    const thread = await place.threads.create({ name: 'private', type: ChannelType.PrivateThread });
    const steps: (() => unknown)[] = [
      () => thread.send('nobody sees this yet'),
      () => thread.send(`<@${cleo.id}>, come in`),
      () => bob.post(channel, { content: 'Hello' }),
      () => place.messages.fetch(discord.messages(channel).at(-1)!.id).then((one) => one.startThread({ name: 'b' })),
      () => place.send('one').then((one) => one.edit('two')),
      () => place.send('three').then((one) => one.delete()),
      () => {
        discord.lock(discord.threads(channel)[0]!);
      },
      () => {
        discord.deleteChannel(discord.threads(channel)[0]!);
      },
    ];
    let before = viewAs(discord, cleo);
    expect(before.threads).toEqual([]);
    for (const step of steps) {
      await step();
      const after = viewAs(discord, cleo);
      const change = differenceTo(after, sentBy(before), sentBy(after));
      for (const kind of ['threads', 'messages', 'channels'] as const) {
        const set: readonly { readonly id: string }[] = change?.set[kind] ?? [];
        const gone = change?.gone[kind] ?? [];
        const left = before[kind].filter(({ id }) => !gone.includes(id) && !set.some((one) => one.id === id));
        const byId = (a: { readonly id: string }, b: { readonly id: string }) => Number(BigInt(a.id) - BigInt(b.id));
        expect([...left, ...set].toSorted(byId)).toEqual([...after[kind]].toSorted(byId));
      }
      before = after;
    }
    expect(differenceTo(before, sentBy(before), sentBy(viewAs(discord, cleo)))).toBeUndefined();
  });
});
