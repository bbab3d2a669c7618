import { Collection, type Interaction } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Route } from '../../src/events/route.ts';
import { throttled } from '../../src/events/throttle.ts';
import { UserError } from '../../src/lib/errors.ts';
import { fakeInteraction, type Kind } from '../commands/fake-interaction.ts';

const start = Date.UTC(2026, 0, 1);
let passedMs: number;
let setMs: number;
let routed: number;
let route: Route;

beforeEach(() => {
  [passedMs, setMs, routed] = [0, 0, 0];
  const counting = async () => {
    routed += 1;
    return Promise.resolve();
  };
  route = throttled(counting, { now: () => start + passedMs + setMs, steady: () => passedMs });
});

interface Who {
  readonly user?: string;
  readonly guild?: string | null;
}

const interactionOf = (kind: Kind, { user = 'bob', guild = 'guild1' }: Who, change: object = {}) =>
  Object.assign(fakeInteraction(kind, {}), { user: { id: user }, guildId: guild }, change) as unknown as Interaction;

const files = (count: number, name = 'a.jpg') =>
  new Collection(Array.from({ length: count }, (_, index) => [String(index), { name }]));
const train = (attachments = files(0)) => ({ options: { resolved: { attachments } } });

/** What each of so many was refused with; nothing for those that went through. */
async function send(times: number, kind: Kind, who: Who = {}, change: object = train()): Promise<string[]> {
  const refusals: string[] = [];
  for (let time = 0; time < times; time += 1) {
    await route(interactionOf(kind, who, change)).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UserError);
      refusals.push((error as UserError).message);
    });
  }
  return refusals;
}

describe('a member who asks faster than people do', () => {
  it.each(['command', 'button', 'select'] as const)(
    'by a %s is told when to try again, and nothing else happens',
    async (kind) => {
      const refusals = await send(1000, kind);
      expect(refusals).toHaveLength(940);
      expect(routed).toBe(60);
      expect(refusals[0]).toMatch(/did nothing this time\. Try again <t:\d+:R>\.$/);
      passedMs += 10_000;
      expect(await send(60, kind)).toEqual([]);
    },
  );

  it('need not wait longer because the clock was set back', async () => {
    await send(60, 'button');
    setMs = -2 * 60 * 60_000;
    passedMs += 10_000;
    expect(await send(60, 'button')).toEqual([]);
  });

  it('keeps nobody else from anything', async () => {
    await send(1000, 'command');
    expect(await send(60, 'command', { user: 'carol' })).toEqual([]);
    expect(await send(1, 'command', { user: 'dave', guild: 'guild2' })).toEqual([]);
  });

  it('is the same person in every server, and in a direct message', async () => {
    await send(60, 'button');
    expect(await send(1, 'button', { guild: 'guild2' })).toHaveLength(1);
    expect(await send(1, 'button', { guild: null })).toHaveLength(1);
  });

  it('may still press after typing wildly', async () => {
    expect(await send(1000, 'autocomplete')).toHaveLength(940);
    expect(await send(60, 'button')).toEqual([]);
  });
});

it('lets many members of a server together ask no more than the others can bear', async () => {
  const refusals: string[] = [];
  for (let member = 0; member < 20; member += 1) refusals.push(...(await send(20, 'button', { user: `m${member}` })));
  expect(refusals).toHaveLength(100);
  expect(refusals[0]).toMatch(/Too many people ask me in this server.*Try again <t:\d+:R>/);
  expect(await send(1, 'button', { user: 'far', guild: 'guild2' })).toEqual([]);
});

describe('photos', () => {
  it.each([
    ['the options of /train', 'command', train(files(10))],
    ['a form', 'modal', { fields: { fields: new Collection([['photos', { attachments: files(10) }]]) } }],
    [
      'a message and what is forwarded in it',
      'message',
      {
        targetMessage: { attachments: files(4), messageSnapshots: new Collection([['1', { attachments: files(6) }]]) },
      },
    ],
  ] as const)('in %s are taken up to three hundred in ten minutes', async (_where, kind, change) => {
    const refusals = await send(40, kind, {}, change);
    expect(refusals).toHaveLength(10);
    expect(refusals[0]).toMatch(/more photos.*Attach them again <t:\d+:R>/);
    expect(await send(1, 'command'), 'an order without photos').toEqual([]);
    passedMs += 600_000;
    expect(await send(30, kind, {}, change)).toEqual([]);
  });

  it('in an archive count as many as an order can have', async () => {
    expect(await send(11, 'command', {}, train(files(1, 'a.zip')))).toHaveLength(1);
  });
});
