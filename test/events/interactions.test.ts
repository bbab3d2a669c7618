import { EventEmitter } from 'node:events';
import { Events, type Client } from 'discord.js';
import { expect, it } from 'vitest';
import { answerInteractions } from '../../src/events/interactions.ts';
import { answerIn, fakeInteraction } from '../commands/fake-interaction.ts';
import { recordingLog } from './recording-log.ts';

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
