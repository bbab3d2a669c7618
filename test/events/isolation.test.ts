import { ApplicationCommandOptionType, type APIApplicationCommandOption } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import type { State } from '../../src/services/jobs/state/job.ts';
import type { Asked, FakeInteraction, Kind } from '../commands/fake-interaction.ts';
import {
  createTwoServers,
  here,
  hidden,
  idOf,
  secretThere,
  there,
  type Doing,
  type TwoServers,
  type Whose,
} from './two-servers.ts';

/*
 * Everything that the bot registers or puts into a message, used with ids of somebody else. The lists below name every
 * handler, and one that is not named fails: whoever adds a button says here what it is about.
 */

let servers: TwoServers;
beforeEach(async () => {
  servers = await createTwoServers();
});
afterEach(() => servers.world.db.destroy());

const kinds = { buttons: 'button', selects: 'select', modals: 'modal' } as const;

interface AboutJob extends Asked {
  /** In which it can be done. */
  readonly state: State;
  /** What stands behind the id. */
  readonly rest?: string;
}

const uploaded = new Map([['1', { url: 'https://cdn.test/x.jpg', name: 'x.jpg', size: 1 }]]);

const aboutJobs: Readonly<Record<string, AboutJob>> = {
  'buttons start': { state: 'draft', rest: ':3' },
  'buttons add': { state: 'draft' },
  'modals photos': { state: 'draft', texts: {} },
  'buttons remove': { state: 'draft' },
  'modals removed': { state: 'draft', texts: {}, chosen: { photos0: ['1'] } },
  'buttons adjust': { state: 'draft' },
  'buttons photo': { state: 'draft', rest: ':1' },
  'selects photo': { state: 'draft', chosen: { values: ['1'] } },
  'buttons frame': { state: 'draft', rest: ':1:exclude' },
  'selects method': { state: 'draft', chosen: { values: ['dreambooth'] } },
  'selects crop': { state: 'draft', chosen: { values: ['centre'] } },
  'buttons settings': { state: 'draft' },
  'modals set': { state: 'draft', texts: { name: 'Other', trigger: 'other0' }, chosen: { subject: ['man'] } },
  'modals name': { state: 'draft', texts: { name: 'Other' }, chosen: { subject: ['man'] } },
  'buttons discard': { state: 'draft' },
  'buttons cancel': { state: 'training' },
  'buttons details': { state: 'training' },
  'buttons retry': { state: 'failed' },
  'buttons is-training': { state: 'asking', rest: ':1' },
  'modals adopt': { state: 'asking', rest: ':1', texts: { training_id: 'F5jvdzGnYi' } },
  'buttons resend': { state: 'asking', rest: ':1' },
  'buttons drop': { state: 'asking', rest: ':1' },
  'buttons request': { state: 'ready' },
  'buttons pictures': { state: 'ready' },
  'buttons draw': { state: 'ready', rest: ':1-1' },
  'buttons delete': { state: 'ready' },
  'buttons erase': { state: 'ready' },
};

/** The id is the server's, and is not what decides. */
const aboutServers: Readonly<Record<string, Asked>> = {
  'modals key': { texts: { api_key: 'a-key-of-the-tests-123' } },
  'modals wandb': { texts: { wandb_key: 'a-key-of-the-tests-123' } },
  'modals access': { texts: {}, picked: { roles: ['artist'] } },
  'buttons forget': {},
};

/** The id is a person's. */
const aboutMembers = ['buttons forget-me'];

/** Options that name an order, and the state in which it can be chosen. */
const naming: Readonly<Record<string, { readonly option: string; readonly state: State }>> = {
  status: { option: 'training', state: 'training' },
  cancel: { option: 'training', state: 'training' },
  delete: { option: 'model', state: 'ready' },
};

const subcommandsOf = (name: string) =>
  optionsOf(name).flatMap((option) => (option.type === ApplicationCommandOptionType.Subcommand ? option.name : []));

function optionsOf(name: string): readonly APIApplicationCommandOption[] {
  const payload = commands.find((one) => one.payload?.name === name)?.payload;
  return payload && 'options' in payload ? (payload.options ?? []) : [];
}

const message = {
  id: '123456789012345678',
  author: { id: 'owner1' },
  attachments: new Map([['1', { name: 'a.jpg', contentType: 'image/jpeg', url: 'https://cdn.test/a.jpg', size: 1 }]]),
  messageSnapshots: new Map(),
};

/** Commands that name nobody's order: what they show or make is the asker's own. */
const ownOnly: Readonly<Record<string, readonly [Kind, Asked & Doing][]>> = {
  train: [['command', { options: { name: 'Other', subject: 'man' } }]],
  'Train on these photos': [['message', { more: { targetMessage: message } }]],
  models: [['command', {}]],
  config: subcommandsOf('config').map((subcommand) => ['command', { subcommand }]),
  privacy: subcommandsOf('privacy').map((subcommand) => ['command', { subcommand }]),
};

describe('the lists of this test', () => {
  it('name every button, select and form', () => {
    const registered = commands.flatMap((command) =>
      (['buttons', 'selects', 'modals'] as const).flatMap((kind) =>
        Object.keys(command[kind] ?? {}).map((verb) => `${kind} ${verb}`),
      ),
    );
    const listed = [...Object.keys(aboutJobs), ...Object.keys(aboutServers), ...aboutMembers];
    expect(listed.toSorted()).toEqual(registered.toSorted());
  });

  it('name every command', () => {
    const registered = commands.flatMap(({ payload }) => payload?.name ?? []);
    expect([...Object.keys(naming), ...Object.keys(ownOnly)].toSorted()).toEqual(registered.toSorted());
  });
});

/** Everything that was answered, whichever id it was about. */
function answersTo({ answers }: FakeInteraction, id: string): string {
  return JSON.stringify(answers).replaceAll(id, 'ID');
}

const strangers: readonly (readonly [string, Whose, boolean])[] = [
  ['an order of another server', 'there', false],
  ['an order of another server, as an admin', 'there', true],
  ['an order of somebody else in the same server', 'hers', false],
];

async function useOn(listed: string, id: string, doing: Asked & Doing = {}): Promise<string> {
  const [kind = '', verb = ''] = listed.split(' ');
  const { state: _state, rest = '', ...asked } = aboutJobs[listed]!;
  const more = kind === 'modals' ? { fields: fieldsOf(asked) } : {};
  const how = { ...asked, ...doing, customId: `${verb}:${id}${rest}`, more };
  return answersTo(await servers.ask(kinds[kind as keyof typeof kinds], how), id);
}

function fieldsOf({ texts = {}, chosen = {} }: Asked): object {
  return {
    fields: new Map(Object.keys({ ...texts, ...chosen }).map((name) => [name, {}])),
    getTextInputValue: (name: string) => texts[name] ?? '',
    getStringSelectValues: (name: string) => chosen[name] ?? [],
    getUploadedFiles: () => uploaded,
  };
}

const nameOn = async (command: string, id: string, isAdmin = false) =>
  answersTo(
    await servers.ask('command', { commandName: command, options: { [naming[command]!.option]: id }, isAdmin }),
    id,
  );

describe.each(strangers)('with %s', (_what, whose, isAdmin) => {
  it.each(Object.keys(aboutJobs))('%s does and says what it does with an id that never was', async (listed) => {
    const before = await servers.stored();
    const never = await useOn(listed, 'neverwas12', { isAdmin });
    expect(never).toMatch(/no such training here/);
    expect(await useOn(listed, idOf(whose, aboutJobs[listed]!.state), { isAdmin })).toBe(never);
    expect(await servers.stored()).toBe(before);
    expect(servers.world.calls).toEqual([]);
  });

  it.each(Object.keys(naming))('/%s does and says what it does with an id that never was', async (command) => {
    const before = await servers.stored();
    const never = await nameOn(command, 'neverwas12', isAdmin);
    expect(never).toMatch(/nothing here called/);
    const { state } = naming[command]!;
    expect(await nameOn(command, idOf(whose, state), isAdmin)).toBe(never);
    expect(await nameOn(command, `${hidden} ${whose} ${state}`, isAdmin), 'by its name').toContain(
      'nothing here called',
    );
    expect(await servers.stored()).toBe(before);
    expect(servers.world.calls).toEqual([]);
  });
});

describe('with one’s own order', () => {
  it.each(Object.keys(aboutJobs))('%s does something else', async (listed) => {
    expect(await useOn(listed, idOf('own', aboutJobs[listed]!.state))).not.toMatch(/no such training here/);
  });

  it.each(Object.keys(naming))('/%s does something else', async (command) => {
    expect(await nameOn(command, idOf('own', naming[command]!.state))).not.toMatch(/nothing here called/);
  });
});

describe('what is completed while typing', () => {
  const completing = commands.flatMap(({ autocomplete, payload }) => (autocomplete && payload ? payload.name : []));

  it.each(completing)('for /%s is of nobody else', async (commandName) => {
    for (const isAdmin of [false, true]) {
      const { answers } = await servers.ask('autocomplete', { commandName, isAdmin });
      expect(answers.map(({ way }) => way)).toEqual(['respond']);
      expect(JSON.stringify(answers)).not.toMatch(isAdmin ? /there-|Hidden there/ : /there-|hers-|Hidden/);
      if (Object.hasOwn(naming, commandName)) expect(JSON.stringify(answers)).toContain('own-');
    }
  });
});

/** Ids, names, people and settings of who is not to be seen. */
const ofOthers = {
  server: /there-|Hidden there|zoe|yan|9x7z|channel2/,
  member: /there-|Hidden|zoe|yan|9x7z|channel2|hers-|carol/,
};

describe('what names no order', () => {
  const uses = Object.entries(ownOnly).flatMap(([name, all]) =>
    all.map(([kind, asked]) => [`${name} ${asked.subcommand ?? ''}`, kind, { ...asked, commandName: name }] as const),
  );
  const overview = ['status', 'command', { commandName: 'status' }] as const;

  it.each([...uses, overview])('%s shows and changes nothing of another server', async (_name, kind, asked) => {
    const before = await servers.stored('there');
    for (const isAdmin of [false, true]) {
      const { answers } = await servers.ask(kind, { ...asked, isAdmin });
      expect(answers.length).toBeGreaterThan(0);
      const said = JSON.stringify(answers);
      expect(said).not.toMatch(isAdmin ? ofOthers.server : ofOthers.member);
      expect(said).not.toContain(secretThere);
    }
    expect(await servers.stored('there')).toBe(before);
  });

  it.each(Object.keys(aboutServers))('%s with the id of another server is about one’s own', async (listed) => {
    const [kind = '', verb = ''] = listed.split(' ');
    const [theirs, ours] = [await servers.stored('there'), await servers.stored()];
    const asked = {
      ...aboutServers[listed]!,
      customId: `${verb}:${there}`,
      isAdmin: true,
      isFromMessage: kind === 'buttons',
    };
    await servers.ask(kinds[kind as keyof typeof kinds], asked);
    expect(await servers.stored('there')).toBe(theirs);
    expect(await servers.stored()).not.toBe(ours);
  });

  it.each(aboutMembers)('%s of somebody else is refused and changes nothing', async (listed) => {
    const [kind = '', verb = ''] = listed.split(' ');
    const before = await servers.stored();
    const use = await servers.ask(kinds[kind as keyof typeof kinds], { customId: `${verb}:carol`, isAdmin: true });
    expect(JSON.stringify(use.answers)).toMatch(/Only the one who asked can press this/);
    expect(await servers.stored()).toBe(before);
  });
});

describe('people who may not manage the server', () => {
  const refused = /^Only people who may manage this server can do that\. Ask one of its admins\.$/;
  const onlyAnswer = ({ answers }: FakeInteraction) =>
    answers.flatMap(({ body }) => (body && typeof body === 'object' && 'content' in body ? String(body.content) : []));

  it.each(subcommandsOf('config'))(
    'are refused /config %s, also where an admin opened it to everybody',
    async (subcommand) => {
      const before = await servers.stored();
      const use = await servers.ask('command', { commandName: 'config', subcommand });
      expect(onlyAnswer(use)).toEqual([expect.stringMatching(refused)]);
      expect(
        use.answers.map(({ way }) => way),
        'no form',
      ).toEqual(['reply']);
      expect(await servers.stored()).toBe(before);
    },
  );

  it.each(Object.keys(aboutServers))(
    'are refused %s, forged or opened while they still were admins',
    async (listed) => {
      const [kind = '', verb = ''] = listed.split(' ');
      const before = await servers.stored();
      for (const guild of [here, there]) {
        const asked = { ...aboutServers[listed]!, customId: `${verb}:${guild}` };
        const use = await servers.ask(kinds[kind as keyof typeof kinds], asked);
        expect(onlyAnswer(use)).toEqual([expect.stringMatching(refused)]);
      }
      expect(await servers.stored()).toBe(before);
      expect(servers.world.calls).toEqual([]);
    },
  );
});

describe('outside of servers', () => {
  const nowhere = { guildId: null, isAdmin: true };
  const says = /This works in a server only/;

  it.each(Object.keys(aboutJobs))('%s does nothing', async (listed) => {
    const before = await servers.stored();
    expect(await useOn(listed, idOf('own', aboutJobs[listed]!.state), nowhere)).toMatch(says);
    expect(await servers.stored()).toBe(before);
  });

  it.each(Object.keys(aboutServers))('%s does nothing', async (listed) => {
    const [kind = '', verb = ''] = listed.split(' ');
    const before = await servers.stored();
    const asked = { ...aboutServers[listed]!, ...nowhere, customId: `${verb}:${here}` };
    expect(JSON.stringify((await servers.ask(kinds[kind as keyof typeof kinds], asked)).answers)).toMatch(says);
    expect(await servers.stored()).toBe(before);
  });

  const everyCommand = commands.flatMap(({ payload, executeOnMessage }) =>
    payload && payload.name !== 'privacy' ? [[payload.name, executeOnMessage ? 'message' : 'command'] as const] : [],
  );

  it.each(everyCommand)('/%s does nothing', async (commandName, kind) => {
    const before = await servers.stored();
    const options = { name: 'Other', subject: 'man', training: 'own-training', model: 'own-ready' };
    const asked = { commandName, options, subcommand: 'show', ...nowhere, more: { targetMessage: message } };
    expect(JSON.stringify((await servers.ask(kind, asked)).answers)).toMatch(says);
    const typed = await servers.ask('autocomplete', { ...asked, options: {} });
    expect(typed.answers.every(({ body }) => JSON.stringify(body) === '[]')).toBe(true);
    expect(await servers.stored()).toBe(before);
  });
});
