import { Client, Events, GatewayIntentBits } from 'discord.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { login, openHome } from './client.ts';

describe('the gateway', () => {
  it('turns a wrong token away with 4004', async () => {
    const { discord } = await openHome();
    const socket = new WebSocket(
      `${discord.apiUrl.replace('http', 'ws').replace(/api$/, 'gateway')}?v=10&encoding=json`,
    );
    socket.on('message', () => {
      socket.send(JSON.stringify({ op: 2, d: { token: 'wrong', intents: 1, properties: {} } }));
    });
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect(code).toBe(4004);
    expect(discord.violations).toMatchObject([{ code: 4004 }]);
  });

  it('turns privileged intents away with 4014', async () => {
    const { discord } = await openHome();
    const client = new Client({ intents: [GatewayIntentBits.MessageContent], rest: { api: discord.apiUrl } });
    onTestFinished(() => client.destroy());
    await expect(client.login(discord.botToken)).rejects.toThrow('disallowed intents');
  });

  it('replays on resume what was missed while the connection was gone', async () => {
    const { discord, channel, bob } = await openHome();
    const client = await login(discord, async (interaction) => {
      if (interaction.isRepliable()) await interaction.reply('heard');
    });
    const resumed = new Promise((resolve) => client.once(Events.ShardResume, resolve));
    discord.gateway.drop();
    await discord.until(() => discord.gateway.connected().length === 0);
    const use = await bob.command(channel, 'ping');
    expect(await use.reply()).toMatchObject({ content: 'heard' });
    await resumed;
    expect(discord.events.all.map(({ type }) => type)).toContain('bot-resumed');
    expect(discord.violations).toEqual([]);
  });

  it('makes a bot identify anew when its session is forgotten', async () => {
    const { discord, channel, bob } = await openHome();
    await login(discord, async (interaction) => {
      if (interaction.isRepliable()) await interaction.reply('heard');
    });
    discord.gateway.forgetSessions();
    discord.gateway.drop();
    await discord.until(() => discord.events.all.filter(({ type }) => type === 'bot-ready').length === 2, {});
    expect(await (await bob.command(channel, 'ping')).reply()).toMatchObject({ content: 'heard' });
  });

  it('sends messages only to those who asked for them', async () => {
    const { discord, channel, bob } = await openHome();
    const heard: string[] = [];
    const listen = (name: string) => (client: Client) => client.on(Events.MessageCreate, () => heard.push(name));
    listen('without')(await login(discord));
    const other = await login(discord, undefined, { intents: ['Guilds', 'GuildMessages'] });
    listen('with')(other);
    const arrived = new Promise((resolve) => other.once(Events.MessageCreate, resolve));
    await bob.post(channel, { content: 'hello' });
    await arrived;
    expect(heard).toEqual(['with']);
  });

  it('gives each shard its own guilds', async () => {
    const { discord, guild } = await openHome();
    const [first, second] = await Promise.all(
      [0, 1].map((id) => login(discord, undefined, { shards: [id], shardCount: 2 })),
    );
    const guilds = [first!, second!].map(({ guilds: { cache } }) => [...cache.keys()]);
    expect(guilds.flat()).toEqual([guild.id]);
    expect(guilds[Number((BigInt(guild.id) >> 22n) % 2n)]).toEqual([guild.id]);
  });
});

describe('trouble on order', () => {
  it('hits as many requests as asked for, and no more', async () => {
    const { discord } = await openHome();
    const client = await login(discord, undefined, { rest: { retries: 0 } });
    discord.faults.next({ path: /users\/@me$/, times: 2, trouble: 'error-500' });
    const get = () => client.rest.get('/users/@me');
    await expect(get()).rejects.toMatchObject({ status: 500 });
    await expect(get()).rejects.toMatchObject({ status: 500 });
    expect(await get()).toMatchObject({ id: discord.applicationId });
    expect(discord.violations).toEqual([]);
  });

  it('is survived by a client that retries: 429, a dropped connection', async () => {
    const { discord } = await openHome();
    const client = await login(discord);
    discord.faults.next({ path: /users\/@me$/, trouble: 'rate-limited' });
    discord.faults.next({ path: /users\/@me$/, trouble: 'dropped' });
    expect(await client.rest.get('/users/@me')).toMatchObject({ id: discord.applicationId });
  });
});

describe('until', () => {
  it('says what is there instead when nothing was found', async () => {
    const { discord, channel, bob } = await openHome();
    await bob.post(channel, { content: 'hello' });
    const waiting = discord.until(() => undefined, { withinMs: 20, what: 'a model' });
    await expect(waiting).rejects.toThrow(/Cannot find a model within 20 ms[^]*#photos[^]*bob: hello/);
  });
});
