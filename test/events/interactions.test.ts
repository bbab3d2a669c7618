import { EventEmitter } from 'node:events';
import { Events, type Client } from 'discord.js';
import { expect, it } from 'vitest';
import { answerInteractions } from '../../src/events/interactions.ts';
import { answerIn, fakeInteraction } from '../commands/fake-interaction.ts';
import { recordingLog } from './recording-log.ts';

it('tells when no handler is at work any more, so that none is cut off in the middle', async () => {
  const client = new EventEmitter();
  const held = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
  const works = [held[0].promise, held[1].promise];
  const answering = answerInteractions(client as unknown as Client, async () => works.shift(), recordingLog().log);
  const done: string[] = [];
  await answering.settled();
  client.emit(Events.InteractionCreate, fakeInteraction('command'));
  const settled = answering.settled().then(() => done.push('settled'));
  client.emit(Events.InteractionCreate, fakeInteraction('button'));
  held[0].resolve(undefined);
  await held[0].promise;
  held[1].promise.then(() => done.push('second handler')).catch(() => undefined);
  held[1].resolve(undefined);
  await settled;
  expect(done).toEqual(['second handler', 'settled']);
});

it('answers for a handler that fails, with whose interaction it was in the log, and goes on', async () => {
  const client = new EventEmitter();
  const { log, lines } = recordingLog();
  const fail = async () => Promise.reject(new Error('a bug'));
  answerInteractions(client as unknown as Client, fail, log);
  const interactions = [fakeInteraction('command'), fakeInteraction('button')];
  for (const interaction of interactions)
    client.emit(Events.InteractionCreate, Object.assign(interaction, { id: 'i1' }));
  await expect
    .poll(() => interactions.map(answerIn))
    .toEqual([expect.stringContaining('reference'), expect.stringContaining('reference')]);
  expect(lines).toMatchObject([
    { level: 'error', interaction: 'i1', guild: 'guild1', err: { message: 'a bug' } },
    { level: 'error', interaction: 'i1', guild: 'guild1', err: { message: 'a bug' } },
  ]);
});
