import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { startDiscord } from '../../../../playground/discord/discord.ts';
import { createRandom } from '../../../../playground/random.ts';
import { commands } from '../../../../src/commands/index.ts';
import { formOf } from '../../../../src/services/threads/rest/command-form.ts';

type Json = Record<string, unknown>;

const own = JSON.parse(JSON.stringify(commands.flatMap(({ payload }) => payload ?? []))) as readonly Json[];
/** What none of ours has, so that the next command that has it shows as well. */
const elaborate: Json = {
  name: 'elaborate',
  name_localizations: { de: 'aufwendig', fr: 'élaboré' },
  description: 'Everything that there is',
  description_localizations: { de: 'Alles, was es gibt' },
  type: ApplicationCommandType.ChatInput,
  default_member_permissions: '32',
  contexts: [0, 1],
  integration_types: [0, 1],
  nsfw: true,
  options: [
    {
      type: ApplicationCommandOptionType.SubcommandGroup,
      name: 'group',
      description: 'A group',
      options: [
        {
          type: ApplicationCommandOptionType.Subcommand,
          name: 'sub',
          description: 'A subcommand',
          options: [
            { type: ApplicationCommandOptionType.Channel, name: 'where', description: 'Where', channel_types: [0, 5] },
            {
              type: ApplicationCommandOptionType.Number,
              name: 'size',
              description: 'Size',
              min_value: 0,
              max_value: 9,
            },
            {
              type: ApplicationCommandOptionType.String,
              name: 'text',
              description: 'Text',
              min_length: 1,
              required: false,
            },
            {
              type: ApplicationCommandOptionType.String,
              name: 'kind',
              description: 'Kind',
              autocomplete: false,
              choices: [{ name: 'One', value: '1', name_localizations: { de: 'Eins' } }],
            },
          ],
        },
      ],
    },
  ],
};
const all = [...own, elaborate];
const everywhere = { isGlobal: true };
const same = (a: readonly unknown[], b: readonly unknown[], scope = everywhere) =>
  formOf(a, scope) === formOf(b, scope);

/** The list with one value changed, once for each value in it. */
function* changed(
  value: unknown,
  path: readonly string[] = [],
): Generator<{ readonly at: string; readonly value: unknown }> {
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) {
      for (const change of changed(one, [...path, String(index)]))
        yield { ...change, value: value.with(index, change.value) };
      yield { at: [...path, index, 'gone'].join('.'), value: value.toSpliced(index, 1) };
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      for (const change of changed(one, [...path, key])) yield { ...change, value: { ...value, [key]: change.value } };
    }
  } else if (value !== null) yield { at: path.join('.'), value: another(value) };
}

function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value + 1 : `${String(value)}x`;
}

/** Spelled as somebody else might: other orders, defaults said or left out, fields that nobody knows. */
function respelled(value: unknown, random: () => number, key = ''): unknown {
  const shuffled = <T>(list: readonly T[]) =>
    list
      .map((one) => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  if (Array.isArray(value)) {
    const list = value.map((one) => respelled(one, random));
    return key === 'choices' ? list : shuffled(list);
  }
  if (typeof value !== 'object' || value === null || key.endsWith('_localizations')) return value;
  const kept = Object.entries(value).filter(([, one]) => (one !== false && one !== null) || random() < 0.5);
  const added = [
    ['id', '1'],
    ['version', '2'],
    ['name_localized', 'x'],
    ['required', false],
    ['options', []],
    ['channel_types', null],
    ['description_localizations', null],
    ['unheard_of', 7],
  ].filter(([field]) => random() < 0.5 && !((field as string) in value));
  return Object.fromEntries(
    shuffled([...kept.map(([name, one]) => [name, respelled(one, random, name)]), ...added]) as [string, unknown][],
  );
}

describe('commands are the same', () => {
  it('as Discord gives back what was registered, everywhere and in one server', async () => {
    const discord = await startDiscord();
    const guild = discord.addGuild({ name: 'Home' });
    const call = async (path: string, method: string, body?: unknown) => {
      const headers = { authorization: `Bot ${discord.botToken}`, 'content-type': 'application/json' };
      const url = `${discord.apiUrl}/v10/applications/${discord.applicationId}/${path}`;
      const answer = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return (await answer.json()) as readonly Json[];
    };
    for (const [path, isGlobal] of [
      ['commands', true],
      [`guilds/${guild.id}/commands`, false],
    ] as const) {
      const put = await call(path, 'PUT', all);
      expect(put, JSON.stringify(put).slice(0, 2000)).toHaveLength(all.length);
      expect(same(put, all, { isGlobal })).toBe(true);
      const registered = await call(`${path}?with_localizations=true`, 'GET');
      expect(registered[0]).toHaveProperty('version');
      expect(same(registered, all, { isGlobal })).toBe(true);
      expect(same(await call(path, 'GET'), all, { isGlobal }), 'without what is in other languages').toBe(false);
    }
    await discord.close();
  });

  it('however they are spelled', () => {
    const random = createRandom(17);
    for (let round = 0; round < 20; round += 1) expect(same(respelled(all, random) as Json[], all)).toBe(true);
  });
});

describe('commands are others', () => {
  it('whichever value of them is another one, or missing', () => {
    const changes = [...changed(all)];
    expect(changes.length).toBeGreaterThan(200);
    const form = formOf(all, everywhere);
    expect(changes.filter(({ value }) => formOf(value as Json[], everywhere) === form).map(({ at }) => at)).toEqual([]);
  });

  it.each([
    ['nobody may use it', { default_member_permissions: '0' }],
    ['it is not for everybody', { nsfw: true }],
    ['it shows elsewhere', { contexts: [0] }],
    ['it is in another language', { name_localizations: { de: 'x' } }],
    ['it is of another kind', { type: 3 }],
    ['it has an option', { options: [{ type: 3, name: 'a', description: 'b' }] }],
  ])('when %s', (_what, change) => {
    const plain = { name: 'train', description: 'Train a model' };
    expect(same([{ ...plain, ...change }], [plain])).toBe(false);
  });

  it('does not mind in one server what Discord keeps only for commands that show everywhere', () => {
    const plain = { name: 'train', description: 'Train a model' };
    expect(same([{ ...plain, contexts: [0] }], [plain], { isGlobal: false })).toBe(true);
  });
});
