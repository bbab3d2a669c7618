import { ApplicationCommandOptionType as Type, type RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { problemsOfCommand } from '../services/threads/cards/discord-rules.ts';

const payloads = commands.flatMap(({ payload }) => payload ?? []);

function optionsOf(name: string): Record<string, number> {
  const payload = payloads.find((one) => one.name === name) as RESTPostAPIChatInputApplicationCommandsJSONBody;
  return Object.fromEntries((payload.options ?? []).map((option) => [option.name, option.type]));
}

function choicesOf(command: string, name: string): unknown[] {
  const payload = payloads.find((one) => one.name === command) as RESTPostAPIChatInputApplicationCommandsJSONBody;
  const option = payload.options?.find((one) => one.name === name);
  return option && 'choices' in option ? (option.choices ?? []).map(({ value }) => value) : [];
}

it('has the commands that people were told of', () => {
  expect(payloads.map(({ name }) => name).toSorted()).toEqual([
    'Train on these photos',
    'cancel',
    'config',
    'delete',
    'models',
    'privacy',
    'status',
    'train',
  ]);
});

it('/train takes name, subject, up to ten photos, and what else can be chosen', () => {
  const photos = Array.from({ length: 10 }, (_, index) => [`photo${index + 1}`, Type.Attachment]);
  expect(optionsOf('train')).toEqual({
    name: Type.String,
    subject: Type.String,
    ...Object.fromEntries(photos),
    method: Type.String,
    trigger: Type.String,
    base_model: Type.String,
    steps: Type.Integer,
    seed: Type.Integer,
  });
  expect(choicesOf('train', 'subject')).toEqual(['man', 'woman', 'couple', 'object', 'style']);
  expect(choicesOf('train', 'method')).toEqual(
    expect.arrayContaining(['lora-sdxl', 'lora-sd15', 'dreambooth', 'sandbox']),
  );
});

it.each([
  ['status', { training: Type.String }],
  ['cancel', { training: Type.String }],
  ['delete', { model: Type.String }],
  ['models', {}],
])('/%s has the options that people were told of', (name, options) => {
  expect(optionsOf(name)).toEqual(options);
});

it('/config has a subcommand for each thing an admin sets', () => {
  expect(Object.keys(optionsOf('config'))).toEqual(
    expect.arrayContaining(['key', 'show', 'defaults', 'privacy', 'forget']),
  );
});

describe.each(payloads)('$name', (payload) => {
  it('is accepted by Discord', () => {
    expect(problemsOfCommand(payload)).toEqual([]);
  });

  it('is offered in servers that installed the bot, and nowhere else but for /privacy in direct messages', () => {
    expect(payload).toMatchObject({ contexts: payload.name === 'privacy' ? [0, 1] : [0], integration_types: [0] });
  });

  it('is shown to everybody, but /config to people who may manage the server', () => {
    const manageServer = '32';
    expect(payload.default_member_permissions ?? null).toBe(payload.name === 'config' ? manageServer : null);
  });
});

it('completes names while typing wherever it takes one', () => {
  const withNames = commands.filter(({ payload = {} }) => JSON.stringify(payload).includes('"autocomplete":true'));
  expect(withNames.map(({ payload }) => payload?.name)).toEqual(['train', 'status', 'cancel', 'delete', 'config']);
  expect(withNames.every(({ autocomplete }) => autocomplete !== undefined)).toBe(true);
});
