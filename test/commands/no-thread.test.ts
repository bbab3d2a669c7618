import { RESTJSONErrorCodes } from 'discord.js';
import { beforeEach, expect, it } from 'vitest';
import { train } from '../../src/commands/train.ts';
import { UserError } from '../../src/lib/errors.ts';
import { createDesk } from '../../src/services/jobs/desk/desk.ts';
import { createReviewer } from '../../src/services/jobs/review/reviewer.ts';
import { heldWake } from '../services/jobs/held-clock.ts';
import { guildId } from '../services/jobs/job-builder.ts';
import { createJobWorld, type JobWorld } from '../services/jobs/job-world.ts';
import { discordError, limitedFor } from '../services/threads/fake-messages.ts';
import { answerIn, fakeInteraction } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

let world: JobWorld;
const photo1 = { url: 'https://cdn.example/a.jpg', name: 'a.jpg', size: 9 };

beforeEach(async () => {
  world = await createJobWorld();
});

/** 10062: it came too late; 50083: the thread in which it was asked for is archived. Neither is seen by anybody. */
it.each([RESTJSONErrorCodes.UnknownInteraction, 50_083])(
  'a form that Discord refuses with %i leaves no order',
  async (code) => {
    const desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world) });
    const failing = { showModal: discordError(code) };
    const asked = fakeInteraction('command', { options: { name: 'Ambika', subject: 'woman' }, failing });
    await expect(train.execute!(asked as never, fakeServices({ desk }))).rejects.toBe(failing.showModal);
    expect(await world.jobs.isNameTaken(guildId, 'Ambika')).toBe(false);
  },
);

it.each([
  [
    'Discord does not answer',
    new Error('fetch failed'),
    /so I discarded it; nothing was billed\. Wait a minute, then use the command again/,
  ],
  [
    'Discord refuses in words',
    discordError(50_035),
    /so I discarded it; nothing was billed\. It said: “refused with 50035”\. Use the command again in another channel/,
  ],
  [
    'Discord names a time',
    limitedFor(3_600_500),
    /nothing was billed\. It lets me open the next one in 61 minutes: use the command again then .*, or in another channel\.$/,
  ],
  ['Discord names a short time', limitedFor(20_000), /Wait a minute, then use the command again/],
  ['the place is none', new UserError('Use /train in a text channel.'), /^Use \/train in a text channel\.$/],
])('an order without a thread is discarded and its name is free when %s', async (_why, refusal, text) => {
  const desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world) });
  const services = fakeServices({ desk });
  Object.assign(services.log, { warn: () => undefined });
  Object.assign(services.threads, { open: () => Promise.reject(refusal) });
  const asked = fakeInteraction('command', { options: { name: 'Ambika', subject: 'woman', photo1 } });

  const error: unknown = await train.execute!(asked as never, services).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(text);
  expect(await world.jobs.isNameTaken(guildId, 'Ambika')).toBe(false);
});

it('a thread that Discord wanted another name for is told, with the name that the order keeps', async () => {
  const desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world) });
  const services = fakeServices({ desk });
  Object.assign(services.threads, { open: () => Promise.resolve({ threadId: 'thread1', otherName: 'Training 1234' }) });
  const asked = fakeInteraction('command', { options: { name: 'Ambika', subject: 'woman', photo1 } });
  await train.execute!(asked as never, services);
  expect(answerIn(asked)).toMatch(
    /<#thread1>.*\n.*does not allow “Ambika”.*thread is called “Training 1234”.*keeps its name/,
  );
});
