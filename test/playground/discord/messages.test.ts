import { randomBytes } from 'node:crypto';
import type { Client, SendableChannels } from 'discord.js';
import { DiscordAPIError, MessageFlags, Routes } from 'discord.js';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { login, openHome } from './client.ts';

async function channelOf(client: Client, id: string): Promise<SendableChannels> {
  const channel = await client.channels.fetch(id);
  if (!channel?.isSendable()) throw new Error(`Cannot write in channel ${id}`);
  return channel;
}

const hourMs = 3_600_000;

describe('messages', () => {
  it('keep the bytes of their files, and serve them under a link', async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    const bytes = randomBytes(200_000);
    const picture = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const files = [
      { attachment: bytes, name: 'raw.bin' },
      { attachment: picture, name: 'crop.png', description: 'A crop' },
    ];
    const sent = await (await channelOf(client, channel.id)).send({ content: 'crops', files });
    const [raw, crop] = [...sent.attachments.values()];
    expect(crop).toMatchObject({
      name: 'crop.png',
      contentType: 'image/png',
      width: 30,
      height: 20,
      description: 'A crop',
    });
    expect(raw).toMatchObject({ size: 200_000, contentType: null });
    const response = await fetch(raw!.url);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect((await fetch(crop!.url)).headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(discord.messages(channel)[0]!.attachments[0]!.bytes)).toEqual(bytes);
    expect(discord.violations).toEqual([]);
  });

  it('drop old files in an edit that names only new ones, and keep them in an edit that names none', async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    const sent = await (
      await channelOf(client, channel.id)
    ).send({ files: [{ attachment: randomBytes(9), name: 'a.bin' }] });
    await sent.edit({ content: 'text only' });
    const message = discord.messages(channel)[0]!;
    expect(message.attachments.map(({ name }) => name)).toEqual(['a.bin']);
    await sent.edit({ files: [{ attachment: randomBytes(9), name: 'b.bin' }] });
    expect(message.attachments.map(({ name }) => name)).toEqual(['b.bin']);
    expect(message.versions).toHaveLength(3);
  });

  it('hand out links that end, and fresh ones with each fetch', async () => {
    const { discord, channel } = await openHome({ limits: { linkMs: hourMs } });
    const client = await login(discord);
    const sent = await (
      await channelOf(client, channel.id)
    ).send({ files: [{ attachment: randomBytes(9), name: 'a.bin' }] });
    const first = sent.attachments.first()!.url;
    expect(Number.parseInt(new URL(first).searchParams.get('ex')!, 16) * 1000).toBeGreaterThan(Date.now());
    expect((await fetch(first)).status).toBe(200);
    expect((await fetch(first.replace(/hm=./, 'hm=z'))).status).toBe(404);
    discord.clock.jump(hourMs + 1000);
    expect((await fetch(first)).status).toBe(404);
    const again = await sent.fetch(true);
    expect((await fetch(again.attachments.first()!.url)).status).toBe(200);
  });

  it('are sent once for one enforced nonce, even when the answer was lost', async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord, undefined, { enforceNonce: true });
    discord.faults.next({ method: 'POST', path: /messages$/, trouble: 'stored-then-502' });
    await (await channelOf(client, channel.id)).send('once');
    expect(discord.messages(channel)).toHaveLength(1);
    expect(
      discord.requests.filter(({ route }) => route === '/channels/:channel/messages').map(({ status }) => status),
    ).toEqual([502, 200]);
  });

  it('are sent twice by a client that retries without a nonce', async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    discord.faults.next({ method: 'POST', path: /messages$/, trouble: 'stored-then-502' });
    await (await channelOf(client, channel.id)).send('twice');
    expect(discord.messages(channel)).toHaveLength(2);
  });

  it('bear few edits once they are over an hour old (30046, as a 429)', async () => {
    const { discord, channel } = await openHome({ limits: { oldEditsPerHour: 2 } });
    const client = await login(discord, undefined, { rest: { rejectOnRateLimit: () => true } });
    const sent = await (await channelOf(client, channel.id)).send('old');
    await sent.edit('young');
    discord.clock.jump(hourMs + 1);
    await sent.edit('first');
    await sent.edit('second');
    await expect(sent.edit('third')).rejects.toThrow();
    expect(discord.messages(channel)[0]).toMatchObject({ content: 'second' });
    expect(discord.violations).toMatchObject([{ code: 30046, status: 429 }]);
  });

  it('notify only those whom allowed_mentions allows, and nobody by an edit', async () => {
    const { discord, guild, channel, bob } = await openHome();
    const eve = guild.addMember({ name: 'eve' });
    const client = await login(discord);
    const place = await channelOf(client, channel.id);
    const content = `<@${bob.id}> and <@${eve.id}>`;
    const quiet = await place.send({ content, allowedMentions: { parse: [] } });
    await place.send({ content, allowedMentions: { users: [bob.id] } });
    await quiet.edit({ content, allowedMentions: { parse: ['users'] } });
    const [first, second] = discord.messages(channel);
    expect(second!.notified).toEqual([bob.id]);
    expect(first).toMatchObject({ notified: [], mentions: [bob.id, eve.id] });
  });

  it('of members are closed to a bot without the Message Content intent', async () => {
    const { discord, channel, bob } = await openHome();
    const client = await login(discord);
    const message = await bob.post(channel, { content: 'secret', files: [{ name: 'a.png', bytes: randomBytes(4) }] });
    const seen = await (await channelOf(client, channel.id)).messages.fetch(message.id);
    expect(seen.content).toBe('');
    expect(seen.attachments.size).toBe(0);
  });

  it('reach a member directly', async () => {
    const { discord, bob } = await openHome();
    const client = await login(discord);
    await client.users.send(bob.id, 'your model is ready');
    expect(discord.messages(discord.directChannel(bob))).toMatchObject([{ content: 'your model is ready' }]);
    expect(discord.violations).toEqual([]);
  });

  it('that somebody deleted are unknown, which is not the fault of the bot', async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    const sent = await (await channelOf(client, channel.id)).send('here');
    discord.deleteMessage(discord.messages(channel)[0]!);
    await expect(sent.edit('gone')).rejects.toMatchObject({ code: 10008, status: 404 });
    expect(discord.violations).toEqual([]);
  });
});

describe('what Discord would refuse', () => {
  const text = (length: number) => 'x'.repeat(length);
  const button = { type: 2, style: 1, label: 'Go', custom_id: 'go' };
  const row = (...components: object[]) => ({ type: 1, components });
  const v2 = MessageFlags.IsComponentsV2;
  const cases: [name: string, body: object, where: string][] = [
    ['content above 2000 characters', { content: text(2001) }, 'content'],
    ['embeds above 6000 characters', { embeds: [{ description: text(4000) }, { description: text(2001) }] }, 'embeds'],
    ['the same custom id twice', { components: [row(button), row(button)] }, 'components'],
    ['six rows', { components: [1, 2, 3, 4, 5, 6].map((n) => row({ ...button, custom_id: `go${n}` })) }, 'components'],
    [
      'six buttons in a row',
      { components: [row(...[1, 2, 3, 4, 5, 6].map((n) => ({ ...button, custom_id: `${n}` })))] },
      'components',
    ],
    ['a button label above 80 characters', { components: [row({ ...button, label: text(81) })] }, 'components'],
    ['a text display without Components V2', { components: [{ type: 10, content: 'hi' }] }, 'components'],
    [
      'content beside Components V2',
      { flags: v2, content: 'hi', components: [{ type: 10, content: 'hi' }] },
      'content',
    ],
    [
      'V2 texts above 4000 characters',
      { flags: v2, components: [1, 2].map(() => ({ type: 10, content: text(2001) })) },
      'components',
    ],
    [
      'a picture that is not attached',
      { flags: v2, components: [{ type: 12, items: [{ media: { url: 'attachment://a.png' } }] }] },
      'components',
    ],
    ['an attachment without its file', { content: 'hi', attachments: [{ id: 0, filename: 'a.png' }] }, 'attachments'],
  ];

  it.each(cases)('is answered with 50035 and recorded: %s', async (_name, body, where) => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    const failure: unknown = await client.rest
      .post(Routes.channelMessages(channel.id), { body })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 50035, status: 400, rawError: { errors: { [where]: {} } } });
    expect(discord.violations).toMatchObject([{ code: 50035 }]);
    expect(discord.messages(channel)).toEqual([]);
  });

  it('includes an empty message (50006)', async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    const sending = client.rest.post(Routes.channelMessages(channel.id), { body: {} });
    await expect(sending).rejects.toMatchObject({ code: 50006 });
  });

  it('includes files above the limit (40005)', async () => {
    const { discord, channel } = await openHome({ limits: { attachmentBytes: 1000, requestBytes: 5000 } });
    const client = await login(discord);
    const place = await channelOf(client, channel.id);
    for (const size of [1001, 5001]) {
      const sending = place.send({ files: [{ attachment: randomBytes(size), name: 'a.bin' }] });
      await expect(sending).rejects.toMatchObject({ code: 40005, status: 413 });
    }
  });

  it('includes eleven files', async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    const files = Array.from({ length: 11 }, (_, n) => ({ attachment: randomBytes(3), name: `${n}.bin` }));
    await expect((await channelOf(client, channel.id)).send({ files })).rejects.toMatchObject({ code: 50035 });
  });

  it("includes what only Discord's own description knows", async () => {
    const { discord, channel } = await openHome();
    const client = await login(discord);
    const body = { content: 'hi', embeds: [{ timestamp: 'yesterday' }] };
    const failure: unknown = await client.rest
      .post(Routes.channelMessages(channel.id), { body })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DiscordAPIError);
    expect(discord.violations).toMatchObject([{ code: 50035, detail: expect.stringContaining('timestamp') }]);
  });

  it('includes a wrong bot token', async () => {
    const { discord } = await openHome();
    const answer = await fetch(`${discord.apiUrl}/v10/users/@me`, { headers: { authorization: 'Bot nonsense' } });
    expect(answer.status).toBe(401);
  });
});
