import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, variableNames } from '../src/config.ts';

const token = { DISCORD_TOKEN: 'the-token' };

function lineFor(environment: Readonly<Record<string, string>>): string {
  try {
    parseConfig({ ...token, ...environment });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  return 'accepted';
}

it('needs the token and nothing else', () => {
  expect(parseConfig(token)).toEqual({
    discordToken: 'the-token',
    discordApiUrl: 'https://discord.com/api',
    cdnOrigins: ['https://cdn.discordapp.com', 'https://media.discordapp.net'],
    guildId: undefined,
    modelslabUrl: 'https://modelslab.com/api',
    sandboxUrl: 'https://stablediffusionapi.com/api/sandbox/v3',
    databaseUrl: 'sqlite:data/darkroom.db',
    masterKeys: undefined,
    masterKeysFile: undefined,
    port: 8080,
    host: '127.0.0.1',
    publicUrl: undefined,
    pollMs: 30_000,
    logLevel: 'info',
  });
});

it.each(['the-\ntoken', 'the token', 'the-t\u00f6ken', 'the-\u0001token'])(
  'takes no token that a request could not carry, and does not repeat it: %j',
  (DISCORD_TOKEN) => {
    const line = lineFor({ DISCORD_TOKEN });
    expect(line).toMatch(/^Cannot start: DISCORD_TOKEN is malformed\. .*Reset Token/);
    expect(line).not.toContain(DISCORD_TOKEN);
  },
);

it('reads every variable', () => {
  const read = parseConfig({
    ...token,
    DISCORD_API_URL: 'http://127.0.0.1:1/api',
    DISCORD_CDN_ORIGINS: 'http://127.0.0.1:2, https://cdn.example/',
    DISCORD_GUILD_ID: '123456789012345678',
    MODELSLAB_URL: 'http://127.0.0.1:3/api',
    MODELSLAB_SANDBOX_URL: 'http://127.0.0.1:3/sandbox',
    DATABASE_URL: 'sqlite::memory:',
    MASTER_KEYS: 'k1:AAAA',
    MASTER_KEYS_FILE: '/run/keys',
    PORT: '0',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'https://bot.example',
    POLL_SECONDS: '0.25',
    LOG_LEVEL: 'debug',
  });
  expect(read).toMatchObject({
    discordApiUrl: 'http://127.0.0.1:1/api',
    cdnOrigins: ['http://127.0.0.1:2', 'https://cdn.example'],
    guildId: '123456789012345678',
    modelslabUrl: 'http://127.0.0.1:3/api',
    sandboxUrl: 'http://127.0.0.1:3/sandbox',
    databaseUrl: 'sqlite::memory:',
    masterKeys: 'k1:AAAA',
    masterKeysFile: '/run/keys',
    port: 0,
    host: '0.0.0.0',
    publicUrl: 'https://bot.example',
    pollMs: 250,
    logLevel: 'debug',
  });
});

it('counts an empty or blank variable as left out, as compose files write it', () => {
  expect(parseConfig({ ...token, PORT: '', POLL_SECONDS: ' ', DISCORD_GUILD_ID: '' })).toEqual(parseConfig(token));
  expect(() => parseConfig({ DISCORD_TOKEN: ' ' })).toThrow(/DISCORD_TOKEN is not set/);
});

it.each(['http://localhost:8080', 'http://127.0.0.1:8080/bot', 'http://[::1]:8080', 'https://bot.example/a/b/'])(
  'takes %s for PUBLIC_URL: in the clear only on this machine',
  (text) => {
    expect(parseConfig({ ...token, PUBLIC_URL: text }).publicUrl).toBe(text);
  },
);

it('takes no notice of variables of other programs', () => {
  expect(parseConfig({ ...token, PATH: '/bin', NODE_ENV: 'x' })).toEqual(parseConfig(token));
});

it('says of a missing token where to get one', () => {
  expect(() => parseConfig({})).toThrow(/^Cannot start: DISCORD_TOKEN is not set\. .*discord\.com\/developers/);
});

describe('a malformed variable ends the start with one line that names it and says what it should be', () => {
  it.each([
    ['DISCORD_API_URL', 'hunter2'],
    ['DISCORD_API_URL', 'ftp://discord.example'],
    ['DISCORD_CDN_ORIGINS', 'hunter2.example'],
    ['DISCORD_CDN_ORIGINS', 'ws://cdn.example'],
    ['DISCORD_CDN_ORIGINS', 'https://cdn.example/with/a/path'],
    ['DISCORD_CDN_ORIGINS', 'https://user:password@cdn.example'],
    ['DISCORD_CDN_ORIGINS', 'https://cdn.example,,'],
    ['DISCORD_GUILD_ID', 'my server'],
    ['MODELSLAB_URL', 'hunter2.example'],
    ['MODELSLAB_SANDBOX_URL', '//sandbox'],
    ['DATABASE_URL', 'data/darkroom.db'],
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'bot.example'],
    ['PUBLIC_URL', 'http://bot.example'],
    ['PUBLIC_URL', 'https://bot.example/?a=b'],
    ['PUBLIC_URL', 'https://bot.example/#a'],
    ['POLL_SECONDS', 'often'],
    ['POLL_SECONDS', '0'],
    ['POLL_SECONDS', '-1'],
    ['POLL_SECONDS', '3601'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    expect(lineFor({ [name]: value })).toMatch(
      new RegExp(`^Cannot start: ${name} is malformed\\. To put it right, .*\\.$`),
    );
  });

  it.each(variableNames)('never quotes %s: it may hold a secret in the wrong place', (name) => {
    expect(lineFor({ [name]: '://hunter2' })).not.toContain('hunter2');
  });

  it('names the first one when several are wrong', () => {
    expect(lineFor({ DISCORD_API_URL: 'x', PORT: 'x' })).toMatch(/DISCORD_API_URL/);
  });
});
