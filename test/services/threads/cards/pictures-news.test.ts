import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import type { Outcome, PictureHold, Spent } from '../../../../src/services/jobs/state/picture-round.ts';
import { refusalReasons } from '../../../../src/services/modelslab/training-api-error.ts';
import { modelCard } from '../../../../src/services/threads/cards/model-card.ts';
import { dueNews } from '../../../../src/services/threads/cards/news.ts';
import { costText, picturesNews } from '../../../../src/services/threads/cards/pictures-news.ts';
import { stateLabel } from '../../../../src/services/threads/cards/state-label.ts';
import { aJob } from '../../jobs/job-builder.ts';
import { aRound, made, steps } from '../../jobs/round-builder.ts';
import { customIdsOf, problemsOfMessage } from './discord-rules.ts';
import { aReview, textIn } from './review-builder.ts';

const ended = (outcome: Outcome, spent?: Spent) =>
  aJob('ready', { pictures: aRound('ended', { progress: { step: 'ended', outcome, ...(spent && { spent }) } }) });
const newsOf = (job: Job) => picturesNews(job)!;
const text = (outcome: Outcome, spent?: Spent) => textIn(newsOf(ended(outcome, spent)).body);
const dollars = (amount: number) => ({ amount, currency: 'USD' });

const outcomes: readonly Outcome[] = [
  made,
  { kind: 'no-key' },
  ...refusalReasons.map((reason) => ({ kind: 'refused' as const, reason, said: '*'.repeat(300) })),
  { kind: 'not-taken' },
  { kind: 'unclear' },
  { kind: 'failed-there', said: '*'.repeat(300) },
  { kind: 'late' },
];

describe('pictures that are made', () => {
  const { body } = newsOf(ended(made, dollars(0.02)));

  it('are shown, with the owner mentioned, the prompt, and what the wallet tells about the cost', () => {
    expect(body.embeds.map(({ image }) => image?.url)).toEqual([
      'https://provider.test/1.png',
      'https://provider.test/2.png',
    ]);
    expect(body.content).toBe('<@owner1> 2 pictures made with “Ambika”.');
    expect(textIn(body)).toMatch(/photo of ambika0 woman[\s\S]*wallet shows \$0\.02 less than before/);
  });

  it('are at most four, whatever the provider sends', () => {
    const links = Array.from({ length: 9 }, (_, index) => `https://provider.test/${index}.png`);
    expect(newsOf(ended({ kind: 'made', links })).body.embeds).toHaveLength(4);
  });

  it('are given as links where Discord refuses them', () => {
    const { withoutPictures } = newsOf(ended({ kind: 'made', links: ['https://provider.test/a b>.png'] }));
    expect(textIn(withoutPictures!)).toMatch(
      /does not show pictures from there.*\n<https:\/\/provider\.test\/a%20b%3E\.png>/,
    );
    expect(withoutPictures!.embeds.some(({ image }) => image)).toBe(false);
  });

  it('are told after the end of the training, and once', () => {
    const job = ended(made);
    const first = dueNews(job, aReview())!;
    expect(first.key).toMatch(/^end-/);
    const second = dueNews({ ...job, told: { ...job.told, news: [first.key] } }, aReview())!;
    expect(second.key).toBe('pictures-1');
    const told = { ...job.told, news: [first.key, second.key] };
    expect(dueNews({ ...job, told }, aReview())).toBeUndefined();
  });

  it('can be ordered again, unless the model is deleted', () => {
    expect(customIdsOf(body)).toEqual(['pictures:job1']);
    const gone = newsOf(aJob('deleted', { pictures: aRound('ended') })).body;
    expect([gone.embeds.length, gone.components]).toEqual([2, []]);
  });
});

describe('pictures that did not come', () => {
  it.each<readonly [string, Outcome, RegExp]>([
    ['for want of a key', { kind: 'no-key' }, /Nothing was sent or billed.*\/config key/],
    [
      'for want of credit',
      { kind: 'refused', reason: 'credit', said: 'Insufficient' },
      /add credit[\s\S]*> Insufficient[\s\S]*Nothing was billed/,
    ],
    ['because nobody took the request', { kind: 'not-taken' }, /Nothing was billed.*again later/],
    [
      'and may be billed',
      { kind: 'unclear' },
      /may have been made and billed.*do not send it again by myself.*order others/,
    ],
    ['in time', { kind: 'late' }, /quarter of an hour.*order others/],
    ['since they failed there', { kind: 'failed-there', said: 'no memory' }, /could not make them[\s\S]*> no memory/],
  ])('%s', (_why, outcome, says) => {
    expect(text(outcome)).toMatch(says);
  });

  it('say what the wallet shows where they may be billed, and that nothing was where that is certain', () => {
    for (const outcome of outcomes.filter(({ kind }) => kind !== 'made')) {
      const isFree = ['no-key', 'refused', 'not-taken'].includes(outcome.kind);
      expect(text(outcome, dollars(0.01)), outcome.kind).toMatch(isFree ? /or billed|was billed/ : /\$0\.01 less/);
      expect(text(outcome, dollars(0.01)), outcome.kind).not.toMatch(isFree ? /\$0\.01/ : /Nothing was billed/);
    }
  });
});

describe('the cost', () => {
  it.each([
    [dollars(0.005), /shows \$0\.005 less/],
    [dollars(1), /shows \$1\.00 less/],
    [dollars(0.1234), /shows \$0\.1234 less/],
    [{ amount: 0.1, currency: 'EUR' }, /shows 0\.10 EUR less/],
    [dollars(0), /as much as before/],
    [dollars(-5), /could not see.*billing page/],
    [undefined, /could not see.*billing page/],
  ])('%o', (spent, says) => {
    expect(costText(spent)).toMatch(says);
  });
});

it('makes messages that Discord accepts, with the longest of everything', () => {
  const links = Array<string>(4).fill(`https://provider.test/${'x'.repeat(1900)}`);
  const all = [...outcomes, { kind: 'made' as const, links }].flatMap((outcome) => {
    const { body, withoutPictures } = newsOf(ended(outcome, dollars(0.1234)));
    return withoutPictures ? [body, withoutPictures] : [body];
  });
  expect(all.flatMap(problemsOfMessage)).toEqual([]);
});

describe('the card while pictures are on their way', () => {
  const open = steps.filter((step) => step !== 'ended');
  const card = (job: ReturnType<typeof ended>) => textIn(modelCard(job));

  it.each(open)('says so while they are %s, and takes no order of others', (step) => {
    const job = aJob('ready', { pictures: aRound(step) });
    expect(card(job)).toMatch(/2 pictures are being made/);
    expect(JSON.stringify(modelCard(job).components)).toMatch(/"label":"Sample pictures",[^}]*"disabled":true/);
    expect(stateLabel(job)).toBe('making pictures');
  });

  it.each<readonly [PictureHold, RegExp]>([
    ['loading', /was idle.*loads it again/],
    ['provider-silent', /does not answer.*Nothing has been billed/],
    ['provider-busy', /takes no more orders.*Nothing has been billed/],
  ])('says why they wait when it is %s', (hold, says) => {
    expect(card(aJob('ready', { pictures: aRound('wanted', { progress: { step: 'wanted', hold } }) }))).toMatch(says);
  });

  it('says no more of them once they have come', () => {
    const job = ended(made);
    expect(modelCard(job)).toEqual(modelCard(aJob('ready')));
    expect(stateLabel(job)).toBe('ready');
  });
});
