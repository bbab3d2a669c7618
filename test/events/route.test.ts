import type { Interaction } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/index.ts';
import { createRoute } from '../../src/events/route.ts';
import { UserError } from '../../src/lib/errors.ts';
import type { Body } from '../../src/services/threads/cards/body.ts';
import { cardOf } from '../../src/services/threads/cards/card.ts';
import { parseCustomId } from '../../src/services/threads/cards/custom-id.ts';
import { dueNews } from '../../src/services/threads/cards/news.ts';
import { fakeInteraction, modalIn, type Asked, type FakeInteraction, type Kind } from '../commands/fake-interaction.ts';
import { fakeServices, keyFacts } from '../commands/fake-services.ts';
import { aJob, jobId, states } from '../services/jobs/job-builder.ts';
import { aReview } from '../services/threads/cards/review-builder.ts';

type HandlerKind = 'buttons' | 'selects' | 'modals';
const componentKinds: Readonly<Record<number, HandlerKind>> = { 2: 'buttons', 3: 'selects' };

const jobs = states.map((state) => aJob(state, { id: jobId(state) }));

async function ask(kind: Kind, asked: Asked, route = createRoute(commands, fakeServices({ jobs, key: keyFacts }))) {
  const interaction = fakeInteraction(kind, { isAdmin: true, ...asked });
  await route(interaction as unknown as Interaction);
  return interaction;
}

function emittedBy({ components = [] }: Partial<Body>): string[] {
  const all = components.flatMap((row) => row.components);
  return all.flatMap((one) => ('custom_id' in one ? `${componentKinds[one.type] ?? ''} ${one.custom_id}` : []));
}

function replyOf({ answers }: FakeInteraction): Partial<Body> {
  return answers.at(-1)?.body as Partial<Body>;
}

/** Everything that people can press, choose or send, as `buttons start:job1:3`. */
async function everythingEmitted(): Promise<string[]> {
  const bodies = jobs.flatMap((job) => [cardOf(job, aReview()), dueNews(job, aReview())?.body ?? {}]);
  const replies = [
    await ask('button', { customId: 'delete:ready' }),
    await ask('button', { customId: 'pictures:ready' }),
    await ask('button', { customId: 'adjust:draft' }),
    await ask('command', { commandName: 'config', subcommand: 'forget' }),
    await ask('command', { commandName: 'privacy', subcommand: 'forget' }),
    await ask('command', { commandName: 'status', options: { training: 'asking' } }),
  ];
  const modals = [
    await ask('command', { commandName: 'train', options: { name: 'Ambika', subject: 'woman' } }),
    await ask('command', { commandName: 'config', subcommand: 'key' }),
    await ask('command', { commandName: 'config', subcommand: 'wandb' }),
    await ask('command', { commandName: 'config', subcommand: 'access' }),
    await ask('message', { commandName: 'Train on these photos' }, routeOfMessage()),
    await ask('button', { customId: 'add:draft' }),
    await ask('button', { customId: 'remove:draft' }),
    await ask('button', { customId: 'settings:draft' }),
    await ask('button', { customId: 'settings:draft:more' }),
    await ask('button', { customId: 'is-training:asking' }),
  ];
  return [
    ...bodies.flatMap(emittedBy),
    ...replies.flatMap((one) => emittedBy(replyOf(one))),
    ...modals.map((one) => `modals ${modalIn(one).custom_id}`),
  ];
}

/** The message command reads a whole message: one with a picture of the member's own. */
function routeOfMessage() {
  const route = createRoute(commands, fakeServices({ jobs }));
  const picture = { name: 'a.jpg', contentType: 'image/jpeg', url: 'https://cdn.example/a.jpg', size: 1 };
  const targetMessage = {
    id: '123456789012345678',
    author: { id: 'owner1' },
    attachments: new Map([['1', picture]]),
    messageSnapshots: new Map(),
  };
  return async (interaction: Interaction) => route(Object.assign(interaction, { targetMessage }));
}

const emitted = await everythingEmitted();
const handled = commands.flatMap((command) =>
  (['buttons', 'selects', 'modals'] as const).flatMap((kind) =>
    Object.keys(command[kind] ?? {}).map((verb) => `${kind} ${verb}`),
  ),
);

function verbOf(line: string): string {
  const [kind = '', customId = ''] = line.split(' ');
  return `${kind} ${parseCustomId(customId).verb}`;
}

describe('what people can press, choose or send', () => {
  it('has a handler, and every handler is reached by something', () => {
    expect([...new Set(emitted.map(verbOf))].toSorted()).toEqual(handled.toSorted());
  });

  it('has one handler only', () => {
    expect(new Set(handled).size).toBe(handled.length);
  });
});

describe('createRoute', () => {
  const seen: string[] = [];
  const note = (what: string) => async () => {
    seen.push(what);
    return Promise.resolve();
  };
  const command: Command = {
    payload: { name: 'sample', description: 'A sample' },
    execute: note('execute'),
    executeOnMessage: note('executeOnMessage'),
    autocomplete: note('autocomplete'),
    buttons: { start: async (_interaction, _services, id) => note(`button ${id.id} ${id.more ?? ''}`)() },
    selects: { method: note('select') },
    modals: { key: note('modal') },
  };
  const route = createRoute([command], fakeServices());
  const send = (kind: Kind, asked: Asked) => ask(kind, asked, route);

  it('takes each kind of interaction to its handler, with what stands in the custom id', async () => {
    await send('command', { commandName: 'sample' });
    await send('message', { commandName: 'sample' });
    await send('autocomplete', { commandName: 'sample' });
    await send('button', { customId: 'start:job1:7' });
    await send('select', { customId: 'method:job1' });
    await send('modal', { customId: 'key:guild1' });
    expect(seen).toEqual(['execute', 'executeOnMessage', 'autocomplete', 'button job1 7', 'select', 'modal']);
  });

  it.each([
    ['command', { commandName: 'gone' }, /does not exist any more/],
    ['message', { commandName: 'gone' }, /does not exist any more/],
    ['button', { customId: 'gone:job1' }, /older version.*\/status/],
    ['button', { customId: 'constructor' }, /older version/],
    ['select', { customId: 'start:job1' }, /older version/],
    ['modal', { customId: '' }, /older version/],
  ] as const)('answers a %s of another version in words', async (kind, asked, says) => {
    const sending = send(kind, asked);
    await expect(sending).rejects.toThrow(UserError);
    await expect(sending).rejects.toThrow(says);
  });

  it('begins nothing once the program is stopping, and says that nothing is lost', async () => {
    const stopping = new AbortController();
    const before = seen.length;
    const late = createRoute([command], { ...fakeServices(), signal: stopping.signal });
    stopping.abort(new UserError('I am being restarted'));
    const sending = late(fakeInteraction('command', { commandName: 'sample' }) as unknown as Interaction);
    await expect(sending).rejects.toThrow('I am being restarted');
    expect(seen).toHaveLength(before);
  });

  it('rejects with what the handler rejects with', async () => {
    const failing: Command = { ...command, execute: async () => Promise.reject(new Error('a bug')) };
    const sending = ask('command', { commandName: 'sample' }, createRoute([failing], fakeServices()));
    await expect(sending).rejects.toThrow('a bug');
  });
});
