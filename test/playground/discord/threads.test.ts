import type { TextChannel } from 'discord.js';
import { ChannelType, ThreadAutoArchiveDuration } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { Home } from './client.ts';
import { login, openHome } from './client.ts';

async function openChannel({ discord, channel }: Home): Promise<TextChannel> {
  const client = await login(discord);
  const found = await client.channels.fetch(channel.id);
  if (found?.type !== ChannelType.GuildText) throw new Error('Cannot find the text channel');
  return found;
}

describe('threads', () => {
  it('start from a message, once', async () => {
    const home = await openHome();
    const channel = await openChannel(home);
    const message = await channel.send('order');
    const thread = await message.startThread({ name: 'ambika' });
    await thread.send('crops');
    expect(thread.id).toBe(message.id);
    expect(home.discord.threads(home.channel)).toMatchObject([{ name: 'ambika', isPrivate: false }]);
    expect(home.discord.messages(thread)).toMatchObject([{ content: 'crops' }]);
    await expect(message.startThread({ name: 'again' })).rejects.toMatchObject({ code: 160004, status: 400 });
  });

  it('start without a message, public or private', async () => {
    const home = await openHome();
    const channel = await openChannel(home);
    await channel.threads.create({ name: 'open', autoArchiveDuration: ThreadAutoArchiveDuration.OneDay });
    const hidden = await channel.threads.create({ name: 'hidden', type: ChannelType.PrivateThread });
    await hidden.members.add(home.bob.id);
    expect(home.discord.threads(home.channel)).toMatchObject([
      { name: 'open', isPrivate: false, autoArchiveMinutes: 1440 },
      { name: 'hidden', isPrivate: true },
    ]);
    expect(home.discord.threads(home.channel)[1]!.memberIds).toContain(home.bob.id);
    expect(home.discord.violations).toEqual([]);
  });

  it('cannot start inside a thread', async () => {
    const home = await openHome();
    const thread = await (await openChannel(home)).threads.create({ name: 'outer' });
    const message = await thread.send('inside');
    const path = `/channels/${thread.id}/messages/${message.id}/threads` as const;
    const starting = thread.client.rest.post(path, { body: { name: 'inner' } });
    await expect(starting).rejects.toMatchObject({ code: 50024 });
  });

  it('are of their own type in announcement channels, where no others can start', async () => {
    const home = await openHome();
    const news = home.guild.addTextChannel('news', { form: 'announcement' });
    const { rest } = await login(home.discord);
    const start = (type: ChannelType) => rest.post(`/channels/${news.id}/threads`, { body: { name: 'model', type } });
    await expect(start(ChannelType.PublicThread)).rejects.toMatchObject({ code: 50024 });
    await expect(start(ChannelType.PrivateThread)).rejects.toMatchObject({ code: 50024 });
    await expect(start(ChannelType.AnnouncementThread)).resolves.toMatchObject({
      type: ChannelType.AnnouncementThread,
      parent_id: news.id,
    });
    const inText = rest.post(`/channels/${home.channel.id}/threads`, {
      body: { name: 'model', type: ChannelType.AnnouncementThread },
    });
    await expect(inText).rejects.toMatchObject({ code: 50024 });
  });

  it('are the posts of a forum, which takes no messages itself', async () => {
    const home = await openHome();
    const forum = home.guild.addTextChannel('ideas', { form: 'forum' });
    const client = await login(home.discord);
    const post = await home.bob.openPost(forum, { name: 'a model', content: 'of what?' });
    const found = await client.channels.fetch(post.id);
    expect(found).toMatchObject({ type: ChannelType.PublicThread, parent: { type: ChannelType.GuildForum } });
    expect(home.discord.messages(post)).toMatchObject([{ content: 'of what?', author: { id: home.bob.id } }]);
    const toForum = client.rest.post(`/channels/${forum.id}/messages`, { body: { content: 'here' } });
    await expect(toForum).rejects.toMatchObject({ code: 50008 });
    const threadInForum = client.rest.post(`/channels/${forum.id}/threads`, {
      body: { name: 'model', type: ChannelType.PublicThread },
    });
    await expect(threadInForum).rejects.toMatchObject({ code: 50035 });
    await expect(home.bob.post(forum, { content: 'no' })).rejects.toThrow('forum');
    await expect(home.bob.command(forum, 'ping')).rejects.toThrow('forum');
  });

  it('archive themselves after silence; then edits fail (50083) and sending wakes them', async () => {
    const home = await openHome();
    const thread = await (
      await openChannel(home)
    ).threads.create({ name: 'quiet', autoArchiveDuration: ThreadAutoArchiveDuration.OneHour });
    const message = await thread.send('first');
    home.discord.clock.jump(50 * 60_000);
    await message.edit('an edit is not activity');
    home.discord.clock.jump(11 * 60_000);
    await expect(message.edit('too late')).rejects.toMatchObject({ code: 50083, status: 400 });
    await expect(home.bob.command(home.discord.threads(home.channel)[0]!, 'ping')).rejects.toThrow('archived');
    await thread.send('awake');
    await message.edit('works again');
    expect(home.discord.violations).toEqual([]);
  });

  it('that are locked take no messages from the bot (160005)', async () => {
    const home = await openHome();
    const thread = await (await openChannel(home)).threads.create({ name: 'locked' });
    home.discord.lock(home.discord.threads(home.channel)[0]!);
    await expect(thread.send('hello')).rejects.toMatchObject({ code: 160005, status: 400 });
  });

  it('that were deleted are unknown (10003)', async () => {
    const home = await openHome();
    const thread = await (await openChannel(home)).threads.create({ name: 'gone' });
    home.discord.deleteChannel(home.discord.threads(home.channel)[0]!);
    await expect(thread.send('hello')).rejects.toMatchObject({ code: 10003, status: 404 });
    expect(home.discord.violations).toEqual([]);
  });
});

describe('permissions of the bot', () => {
  it('are missed by name, and told to it with each interaction', async () => {
    const { discord, guild, bob } = await openHome();
    const channel = guild.addTextChannel('words', { botMissing: ['AttachFiles', 'CreatePublicThreads'] });
    const missing: string[][] = [];
    const client = await login(discord, (interaction) => {
      missing.push(interaction.appPermissions.missing(['AttachFiles', 'SendMessages']));
      return interaction.isRepliable() ? interaction.reply('ok') : Promise.resolve();
    });
    await (await bob.command(channel, 'ping')).reply();
    expect(missing).toEqual([['AttachFiles']]);
    const place = (await client.channels.fetch(channel.id)) as TextChannel;
    const files = [{ attachment: Buffer.from('a'), name: 'a.txt' }];
    await expect(place.send({ files })).rejects.toMatchObject({ code: 50013, status: 403 });
    const message = await place.send('words are fine');
    await expect(message.startThread({ name: 'no' })).rejects.toMatchObject({ code: 50013 });
    expect(discord.violations[0]!.detail).toContain('AttachFiles');
  });

  it('do not reach into a channel that it cannot see (50001)', async () => {
    const home = await openHome();
    const channel = await openChannel(home);
    home.discord.deny(home.channel, 'ViewChannel');
    await expect(channel.send('hello')).rejects.toMatchObject({ code: 50001, status: 403 });
    home.discord.allow(home.channel, 'ViewChannel');
    await channel.send('hello');
  });

  it('need SendMessagesInThreads in a thread, where SendMessages does not count', async () => {
    const home = await openHome();
    const thread = await (await openChannel(home)).threads.create({ name: 'ambika' });
    home.discord.deny(home.channel, 'SendMessages');
    await thread.send('still fine');
    home.discord.deny(home.channel, 'SendMessagesInThreads');
    await expect(thread.send('not any more')).rejects.toMatchObject({ code: 50013 });
  });
});
