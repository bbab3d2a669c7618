import { describe, expect, it } from 'vitest';
import type { MemberId } from '../../../../src/lib/ids.ts';
import type { Failure, Job, Phase, Told } from '../../../../src/services/jobs/state/job.ts';
import { methods, type MethodId } from '../../../../src/services/modelslab/methods.ts';
import type { Verdict } from '../../../../src/services/photos/photo.ts';
import { cardOf } from '../../../../src/services/threads/cards/card.ts';
import { parseCustomId } from '../../../../src/services/threads/cards/custom-id.ts';
import { dueNews } from '../../../../src/services/threads/cards/news.ts';
import { sheetText } from '../../../../src/services/threads/cards/sheet-message.ts';
import { stateLabel } from '../../../../src/services/threads/cards/state-label.ts';
import { aJob, hour, intent, jobId, states, trainingId } from '../../jobs/job-builder.ts';
import { customIdsOf, problemsOfMessage } from './discord-rules.ts';
import { aReview, photosWith } from './review-builder.ts';

/*
 * The longest that everything may be, and all of it characters that are escaped: what holds here holds always.
 */

const said = '*'.repeat(300);
const longest = (method: MethodId): Job['order'] => ({
  name: `a${'_'.repeat(38)}a`,
  subject: 'couple',
  method,
  trigger: `a${'_'.repeat(28)}0`,
  crop: 'attention',
  baseModel: '_'.repeat(100),
  steps: 2000,
  seed: 4_294_967_295,
  network: 'lycoris',
  negativePrompt: '*'.repeat(1000),
  unetRate: '1e-10',
  unetSteps: 2000,
  textEncoderRate: '1e-10',
  textEncoderSteps: 2000,
  report: 'yes',
});

const failures: readonly Failure[] = [
  ...(['key', 'credit', 'plan', 'queue-full', 'not-found', 'fields', 'other'] as const).map((reason) => ({
    kind: 'refused' as const,
    reason,
    said,
  })),
  { kind: 'training-failed', said },
  { kind: 'lost' },
  { kind: 'no-key' },
  { kind: 'no-hand-over', why: said },
  { kind: 'unreachable' },
  { kind: 'no-answer' },
  { kind: 'stuck' },
];

const id = trainingId('_'.repeat(64));
const phases: readonly Phase[] = [
  { state: 'draft' },
  ...(['provider-silent', 'provider-busy', 'list-lags', 'another-first'] as const).map((hold) => ({
    state: 'queued' as const,
    hold,
  })),
  { state: 'queued', hold: 'in-line', line: { place: 123_456, slots: 15 } },
  { state: 'sending', intent },
  { state: 'unknown', intent, looks: 1, lookedAt: 0 },
  { state: 'asking', intent, candidates: Array<typeof id>(40).fill(id) },
  {
    state: 'training',
    trainingId: id,
    stage: said,
    stageAt: 0,
    log: Array<string>(500).fill(said),
    misses: 0,
    cancelRefused: said,
  },
  { state: 'ready', trainingId: id, sampleUrl: `https://provider.example/${'x'.repeat(2000)}`, usage: said },
  ...failures.map((failure) => ({ state: 'failed' as const, failure })),
  { state: 'cancelled', trainingId: id },
  { state: 'discarded', why: 'silence' },
  { state: 'deleted', trainingId: id },
];

const verdict: Verdict = { kind: 'warning', reason: '*'.repeat(200) };
const photos = photosWith(...Array<Verdict>(30).fill(verdict)).map((photo) => ({ ...photo, name: '_'.repeat(255) }));
const review = aReview({
  photos,
  blockers: [
    { kind: 'people-not-allowed' },
    { kind: 'preparing', photos: 30 },
    { kind: 'too-few-photos', usable: 0, needed: 3 },
    { kind: 'no-key' },
  ],
  usual: { fromMs: hour, toMs: 99 * hour },
  confirmedAt: undefined,
  overdue: true,
});

const told: Told = { place: 'thread', cropIds: [], news: [], failures: 0 };
const places = ['thread', 'channel', 'dm'] as const;

const jobs = Object.values(methods).flatMap(({ id: method }) =>
  phases.flatMap((phase) =>
    places.map((place) =>
      aJob(phase.state, {
        id: jobId('abcdefghjk'),
        ownerId: '1234567890123456789' as MemberId,
        order: longest(method),
        phase,
        told: { ...told, place },
        trouble: 3,
        cancelAskedAt: 0,
      }),
    ),
  ),
);

/** Every message that a job can have. */
function bodiesOf(job: Job) {
  const news = dueNews(job, review);
  return [cardOf(job, review), ...(news ? [news.body] : []), { content: sheetText(job, review), components: [] }];
}

it('asks rules that do refuse', () => {
  expect(problemsOfMessage({ content: 'x'.repeat(2001) })).not.toEqual([]);
});

it('has an example of every state', () => {
  expect(new Set(phases.map(({ state }) => state))).toEqual(new Set(states));
});

describe.each(Object.keys(methods))('the longest messages about %s', (method) => {
  const bodies = jobs.filter(({ order }) => order.method === method).flatMap(bodiesOf);

  it('are accepted by Discord', () => {
    expect(new Set(bodies.flatMap(problemsOfMessage))).toEqual(new Set());
  });

  it('have custom ids that hold all that is needed once the process that made them is gone', () => {
    const ids = bodies.flatMap(customIdsOf);
    expect(ids.map((one) => parseCustomId(one).id)).toEqual(ids.map(() => 'abcdefghjk'));
  });
});

it('keeps the label of a state within what fits behind a name in a choice', () => {
  expect(Math.max(...jobs.map((job) => stateLabel(job).length))).toBeLessThanOrEqual(50);
});

it('says of photos that had no room on the list that there are more', () => {
  expect(sheetText(jobs[0]!, review)).toMatch(
    /… and \d+ more, marked in the picture\. Press Remove photos to read what is said of each\.$/,
  );
});
