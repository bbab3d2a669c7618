import { describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import { judge } from '../../../src/services/modelslab/answer.ts';
import { statusCall } from '../../../src/services/modelslab/calls.ts';
import { methodIds, type MethodId } from '../../../src/services/modelslab/methods.ts';
import { cleanStatus } from '../../../src/services/modelslab/sanitize.ts';
import { TrainingApiError } from '../../../src/services/modelslab/training-api-error.ts';
import { longestAllowedMs, longestTurnMs } from '../../longest-turn.ts';
import { key, never, startProvider } from './loopback-provider.ts';

/*
 * The longest answers that are read, made of what is worst for whoever looks into them. None may hold the event loop up for
 * longer than is promised.
 */

const length = 990_000;
const filled = (piece: string, lead = '') => lead + piece.repeat(Math.floor((length - lead.length) / piece.length));

const worst = {
  'a worker whose time has a million digits': filled('1', '1.[x]|Time Elapsed:'),
  'a worker that goes on and on': filled('1.[x]|Time Elapsed:1|'),
  'a log of empty lines': filled(' /n '),
  'a log of half a million lines': filled('x\n'),
  'failures in every line': filled('Training Failed:\n'),
  'one word': filled('training_'),
  'a cancelled one': filled('_cancel'),
  'nothing but blanks': `x${filled(' ')}x`,
  'tags that do not end': filled('<a'),
  addresses: filled('http://'),
  'invisible characters': filled('\u200b'),
};

/** `JSON.stringify` itself goes no deeper than the stack. */
const nested = '<lists in lists>';
const textOf = (answer: object) =>
  JSON.stringify(answer).replace(`"${nested}"`, `${'['.repeat(400_000)}"x"${']'.repeat(400_000)}`);

const answers: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    Object.entries(worst).flatMap(([name, text]) => [
      [`${name}, as its stage`, { status: 'success', messege: text, message: text }],
      [`${name}, as its log`, { status: 'success', messege: 'training_failed', data: text }],
      [`${name}, as a refusal`, { status: 'error', messege: text }],
      [
        `${name}, as a dump`,
        { status: 'success', message: text, data: { status: 'training_cancelled', response_dump: text } },
      ],
    ]),
  ),
  'lists in lists, as its log': { status: 'success', messege: 'training_failed', data: nested },
  'lists in lists, as a refusal': { status: 'error', messege: nested },
  'lists in lists, as its use': {
    status: 'success',
    data: { status: 'training_completed', inference: { use: nested } },
  },
  'a list of short words': { status: 'error', messege: Array.from({ length: 150_000 }, () => 'no') },
  'a log of short words': {
    status: 'success',
    messege: 'training_failed',
    data: Array.from({ length: 150_000 }, () => 'no'),
  },
};

const training = { method: 'lora-sdxl', trainingId: 'F5jvdzGnYi' as TrainingId } as const;

describe.each(['lora-sdxl', 'flux'] satisfies MethodId[])('an answer about a training of %s', (method) => {
  it.each(Object.entries(answers))('is read in a moment: %s', async (_name, answer) => {
    const text = textOf(answer);
    const call = statusCall({ ...training, method });
    const read = () => {
      const asked = { doing: call.doing, paid: false, sent: undefined, secrets: ['abcdef0123456789'], now: 0 };
      try {
        const judged = judge({ kind: 'answered', status: 200, retryAfter: undefined, text }, asked);
        const status = judged.kind === 'accepted' ? call.reply.safeParse(judged.body).data : call.endIn?.(judged);
        if (status) cleanStatus(status, asked.secrets);
      } catch (error) {
        expect(error).toBeInstanceOf(TrainingApiError);
      }
    };
    expect(await longestTurnMs(read, { runs: 3 })).toBeLessThan(longestAllowedMs);
  });
});

it('is read whole up to the length of what is shown, and of a log its end', () => {
  expect(methodIds).toContain(training.method);
  const { reply } = statusCall(training);
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
  const { data } = reply.safeParse({ messege: 'training_started', data: lines.join(' /n ') });
  expect(data?.log).toHaveLength(200);
  expect(data?.log.at(-1)).toBe('line 4999');
});

describe('the longest lists', () => {
  const many = <T>(count: number, entry: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => entry(index));
  const account = (data: unknown) => Buffer.from(JSON.stringify({ status: 'success', messege: 'list', data }));
  const described = (index: number) => ({ model_id: `model${index}abcde`, description: 'ü'.repeat(370) });
  const read: Readonly<Record<string, [Buffer, number | 'malformed']>> = {
    'as many as are compared': [account(many(40_000, (index) => `model${index}abcde`)), 40_000],
    'as many, with descriptions': [account(many(40_000, described)), 40_000],
    'one that stands there a million times': [account(many(1_000_000, () => 'F5jvdzGnYi')), 1],
    'a million': [account(many(1_000_000, (index) => `model${index}abcde`)), 'malformed'],
    'ids of the greatest length': [account(many(40_000, (index) => `${index}`.padEnd(200, 'x'))), 'malformed'],
    'one without an id among many': [account([...many(39_000, described), {}]), 'malformed'],
    'much beside it': [
      Buffer.from(JSON.stringify({ status: 'success', data: ['a1'], more: many(5e6, () => 0) })),
      'malformed',
    ],
    'ten million times nothing': [Buffer.from(`{"status":"success","data":[${'{},'.repeat(1e7)}{}]}`), 'malformed'],
    'small lists without end': [
      Buffer.from(`{"status":"success","data":[${'[[],[]],'.repeat(3.5e6)}{}]}`),
      'malformed',
    ],
    'lists in lists': [Buffer.from(`{"status":"success","data":${'['.repeat(15e6)}${']'.repeat(15e6)}}`), 'malformed'],
    'what is JSON to begin with': [
      Buffer.from(`{"status":"success","data":["a1"]}${' '.repeat(200_000)}x`),
      'malformed',
    ],
  };

  it.each(Object.entries(read))('of an account are read in a moment: %s', async (_name, [body, outcome]) => {
    const provider = await startProvider((response) => response.end(body));
    const list = async () => (await provider.api().list(key, never)).length;
    const outcomes: unknown[] = [];
    const run = async () =>
      outcomes.push(await list().catch((error: unknown) => error instanceof TrainingApiError && error.kind));
    expect(await longestTurnMs(run, { runs: 3 })).toBeLessThan(longestAllowedMs);
    expect(outcomes).toEqual([outcome, outcome, outcome]);
  });

  it('of base models are read in a moment', async () => {
    const models = many(50_000, (index) => ({
      model_id: `model-${index}`,
      model_name: `Model ${index}`,
      more: 'x'.repeat(500),
    }));
    const body = Buffer.from(JSON.stringify(models));
    const provider = await startProvider((response) => response.end(body));
    const counts: number[] = [];
    const run = async () => counts.push((await provider.api().baseModels(key, never)).length);
    expect(await longestTurnMs(run, { runs: 3 })).toBeLessThan(longestAllowedMs);
    expect(counts).toEqual([15_000, 15_000, 15_000]);
  });
});
