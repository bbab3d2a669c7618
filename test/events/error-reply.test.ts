import { RESTJSONErrorCodes, type Interaction } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { replyWithError } from '../../src/events/interactions.ts';
import { UserError } from '../../src/lib/errors.ts';
import { TrainingApiError } from '../../src/services/modelslab/training-api-error.ts';
import {
  answerIn,
  fakeInteraction,
  type Asked,
  type FakeInteraction,
  type Kind,
} from '../commands/fake-interaction.ts';
import { discordError } from '../services/threads/fake-messages.ts';
import { recordingLog, type LoggedLine } from './recording-log.ts';

let lines: LoggedLine[];
let log: ReturnType<typeof recordingLog>['log'];
beforeEach(() => ({ lines, log } = recordingLog()));

async function tell(
  error: unknown,
  interaction: FakeInteraction = fakeInteraction('command'),
): Promise<FakeInteraction> {
  await replyWithError(interaction as unknown as Interaction, error, log);
  return interaction;
}

function ways({ answers }: FakeInteraction): string[] {
  return answers.map(({ way }) => way);
}

function after(kind: Kind, flags: Partial<FakeInteraction>, asked?: Asked): FakeInteraction {
  return Object.assign(fakeInteraction(kind, asked), flags);
}

describe('what people read', () => {
  it('is the text of an error that they can put right themselves, and nobody is bothered by the log', async () => {
    expect(answerIn(await tell(new UserError('Choose another name.')))).toBe('Choose another name.');
    expect(lines).toEqual([]);
  });

  it('says what the provider refused, in its own words too', async () => {
    const refusal = new TrainingApiError('rejected', 'Cannot delete', { reason: 'credit', said: 'No *credit*' });
    expect(answerIn(await tell(refusal))).toMatch(/not enough credit[\s\S]*> No \\\*credit\\\*/);
    expect(lines).toMatchObject([{ level: 'warn' }]);
  });

  it.each(['unavailable', 'ambiguous'] as const)('says that the provider is silent when it is %s', async (kind) => {
    const text = answerIn(await tell(new TrainingApiError(kind, 'Cannot list: no answer')));
    expect(text).toMatch(/ModelsLab does not answer.*Try again in a few minutes/);
  });

  it.each([RESTJSONErrorCodes.MissingPermissions, RESTJSONErrorCodes.MissingAccess])(
    'says who can help when Discord does not let the bot (%s)',
    async (code) => {
      expect(answerIn(await tell(discordError(code)))).toMatch(/Ask an admin to check my permissions/);
      expect(lines).toMatchObject([{ level: 'warn' }]);
    },
  );

  it.each([RESTJSONErrorCodes.InvalidActionOnArchivedThread, RESTJSONErrorCodes.ThreadLocked])(
    'says how a closed thread is opened again (%s)',
    async (code) => {
      expect(answerIn(await tell(discordError(code)))).toMatch(/thread is closed.*Open it again.*once more/);
      expect(lines).toMatchObject([{ level: 'warn' }]);
    },
  );

  it.each([
    ['a bug', new TypeError('x is undefined')],
    ['an answer of unknown shape', new TrainingApiError('malformed', 'Cannot list: unknown shape')],
    ['something thrown that is no error', 'a string'],
    ['another refusal of Discord', discordError(50_035)],
  ])('is a reference that stands in the log, after %s', async (_what, error) => {
    const text = answerIn(await tell(error));
    const reference = /reference `([0-9a-f]{8})`/.exec(text)?.[1];
    expect(reference).toBeDefined();
    expect(lines).toMatchObject([{ level: 'error', reference }]);
    expect(text, 'nothing of the inside is for people').not.toMatch(/undefined|shape|50035/);
  });

  it('has another reference each time', async () => {
    expect(answerIn(await tell(new Error('a')))).not.toBe(answerIn(await tell(new Error('a'))));
  });
});

describe('how they are told', () => {
  const error = new UserError('Choose another name.');

  it('by a reply that only they see, when nothing was answered', async () => {
    const { answers } = await tell(error);
    expect(answers).toEqual([{ way: 'reply', body: { content: 'Choose another name.', flags: 64 } }]);
  });

  it('in the reply that was promised', async () => {
    expect(ways(await tell(error, after('command', { deferred: true, ephemeral: true })))).toEqual(['editReply']);
    expect(ways(await tell(error, after('button', { deferred: true, ephemeral: true })))).toEqual(['editReply']);
  });

  it('beside the message under a pressed button, which is left as it is', async () => {
    expect(ways(await tell(error, after('button', { deferred: true })))).toEqual(['followUp']);
    expect(ways(await tell(error, after('modal', { deferred: true })))).toEqual(['followUp']);
  });

  it('beside a reply that was given already', async () => {
    expect(ways(await tell(error, after('command', { deferred: true, ephemeral: true, replied: true })))).toEqual([
      'followUp',
    ]);
  });

  it('beside it when Discord has an acknowledgement that we know nothing of', async () => {
    const acknowledged = discordError(RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged);
    const interaction = await tell(error, fakeInteraction('command', { failing: { reply: acknowledged } }));
    expect(ways(interaction)).toEqual(['followUp']);
    expect(interaction.deferred).toBe(true);
  });

  it('by an empty list while they type', async () => {
    expect((await tell(error, fakeInteraction('autocomplete'))).answers).toEqual([{ way: 'respond', body: [] }]);
  });
});

describe('when nobody can be told any more', () => {
  it.each([
    ['the interaction has expired', RESTJSONErrorCodes.UnknownInteraction],
    ['its token has expired', RESTJSONErrorCodes.InvalidWebhookToken],
    ['its message is gone', RESTJSONErrorCodes.UnknownWebhook],
    ['it was answered by a call whose reply was lost', RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged],
  ])('stays silent: %s', async (_what, code) => {
    expect(ways(await tell(discordError(code)))).toEqual([]);
    expect(lines).toMatchObject([{ level: 'warn' }]);
  });

  it.each(['command', 'autocomplete'] as const)('never rejects: a failure to tell (%s) is logged', async (kind) => {
    const failing = { reply: new Error('socket hang up'), respond: new Error('socket hang up') };
    await tell(new UserError('x'), fakeInteraction(kind, { failing }));
    expect(lines).toMatchObject([{ level: 'warn', err: { message: 'socket hang up' } }]);
  });
});
