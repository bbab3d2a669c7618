import { describe, expect, it } from 'vitest';
import type { Failure, Job, Phase, Told } from '../../../../src/services/jobs/state/job.ts';
import { parseCustomId } from '../../../../src/services/threads/cards/custom-id.ts';
import { modelCard } from '../../../../src/services/threads/cards/model-card.ts';
import { dueNews } from '../../../../src/services/threads/cards/news.ts';
import { aJob, noon, order, phases, states, trainingId, webhook } from '../../jobs/job-builder.ts';
import { customIdsOf } from './discord-rules.ts';
import { aReview, textIn } from './review-builder.ts';

const told: Told = { place: 'thread', cropIds: [], news: [], failures: 0 };

function newsText(job: Job, review = aReview()): string {
  const news = dueNews(job, review);
  return news === undefined ? '' : textIn(news.body);
}

function asking(phase: Partial<Extract<Phase, { state: 'asking' }>> = {}, change: Partial<Job> = {}): Job {
  return aJob('asking', { phase: { ...phases.asking, ...phase }, ...change });
}

describe('which states have news', () => {
  const silent = ['draft', 'queued', 'sending', 'unknown', 'training', 'discarded', 'deleted'];

  it.each(states)('%s', (state) => {
    const news = dueNews(aJob(state), aReview());
    expect(news === undefined).toBe(silent.includes(state));
  });

  it.each(['asking', 'ready', 'failed', 'cancelled'] as const)(
    '%s mentions the owner, since an edit notifies nobody',
    (state) => {
      expect(dueNews(aJob(state), aReview())?.body.content).toMatch(/^<@owner1> “Ambika” /);
    },
  );

  it('is posted once', () => {
    const first = dueNews(aJob('ready'), aReview())!;
    expect(dueNews(aJob('ready', { told: { ...told, news: [first.key] } }), aReview())).toBeUndefined();
  });

  it('asks again when another attempt ends without a verdict', () => {
    const [first, second] = [1, 2].map((attempts) => dueNews(asking({}, { attempts }), aReview())?.key);
    expect(first).not.toBe(second);
  });
});

it('tells once of a call about an order that had ended, what may be billed and where to look', () => {
  const end = dueNews(aJob('cancelled'), aReview())!.key;
  const job = aJob('cancelled', { lateCallAt: 1, told: { ...told, news: [end] } });
  const late = dueNews(job, aReview())!;
  expect(textIn(late.body)).toMatch(/^<@owner1> “Ambika” seems to be training[^]*billed \(\$1\.00\)[^]*modelslab\.com/);
  expect(dueNews({ ...job, told: { ...told, news: [end, late.key] } }, aReview())).toBeUndefined();
});

it('ends a training with all that is needed to use the model, and the same buttons as its card', () => {
  const job = aJob('ready');
  const { body } = dueNews(job, aReview())!;
  expect(body).toEqual({ ...modelCard(job), content: '<@owner1> “Ambika” is ready.' });
});

it('shows the provider’s sample picture in the end message, and says in words that there is one', () => {
  const sampleUrl = 'https://provider.example/sample.png';
  const sampled = aJob('ready', { phase: { state: 'ready', trainingId: trainingId('t1'), sampleUrl } });
  const { body } = dueNews(sampled, aReview())!;
  expect(body.embeds[0]?.image).toEqual({ url: sampleUrl });
  expect(textIn(body)).toContain('picture below');
  expect(newsText(aJob('ready'))).not.toContain('picture below');
});

describe('a training that failed', () => {
  const failure: Failure = { kind: 'refused', reason: 'credit', said: 'Insufficient credits' };
  const failed = (change: Partial<Job> = {}) => aJob('failed', { phase: { state: 'failed', failure }, ...change });

  it('says why, and offers Try again, which keeps photos and settings and bills nothing', () => {
    const text = newsText(failed());
    expect(text).toMatch(/add credit at modelslab\.com/);
    expect(text).toMatch(/kept for 24 hours.*nothing is billed until you press Start/);
    expect(customIdsOf(dueNews(failed(), aReview())!.body)).toEqual(['retry:job1']);
  });

  it.each(['channel', 'dm'] as const)('offers no Try again in the %s: its order could not be shown there', (place) => {
    const job = failed({ told: { ...told, place } });
    expect(customIdsOf(dueNews(job, aReview())!.body)).toEqual([]);
    expect(newsText(job)).toMatch(/thread of this order is gone.*Use \/train/);
  });
});

it('says what a cancelled training means for the bill and the photos', () => {
  expect(newsText(aJob('cancelled', { attempts: 0 }))).toMatch(
    /was cancelled[\s\S]*nothing was billed[\s\S]*erased the photos/,
  );
});

it('tells of an order that expired in silence, and not of one that its owner discarded', () => {
  const expired = aJob('discarded', { phase: { state: 'discarded', why: 'silence' } });
  expect(newsText(expired)).toMatch(/has expired[\s\S]*Nothing was billed, and the photos are erased.*\/train/);
  expect(newsText(aJob('discarded'))).toBe('');
});

describe('a training that takes too long', () => {
  it('is told once, with the stage it is on and what to do', () => {
    const news = dueNews(aJob('training'), aReview({ overdue: true }))!;
    expect(textIn(news.body)).toMatch(/longer than usual[\s\S]*“Waiting for a machine”.*wait, or use \/cancel/);
    const again = aJob('training', { told: { ...told, news: [news.key] } });
    expect(dueNews(again, aReview({ overdue: true }))).toBeUndefined();
  });

  it('still gets its end told', () => {
    expect(dueNews(aJob('ready', { told: { ...told, news: ['overdue'] } }), aReview())?.key).toMatch(/^end/);
  });
});

describe('the question whether an order arrived', () => {
  it('does not call that doubtful when the provider has called about it', () => {
    expect(newsText(aJob('asking', { webhook: { ...webhook, called: true } }))).toMatch(
      /did arrive.*which training it is/,
    );
    expect(newsText(asking())).toMatch(/cannot tell from here whether it arrived/);
  });

  it('says what happened, and what each answer means and costs', () => {
    const text = newsText(asking());
    expect(text).toMatch(/no answer came back that says whether it was accepted/);
    expect(text).toMatch(/\*\*It is training\*\*.*id/);
    expect(text).toMatch(/\*\*Send again\*\*.*another \$1\.00/);
    expect(text).toMatch(/\*\*Drop\*\*/);
    expect(text).toContain('Send again, may cost $1.00');
  });

  it('says what sending again means where hours are billed', () => {
    const text = newsText(asking({}, { order: { ...order, method: 'flux' } }));
    expect(text).toMatch(/\*\*Send again\*\*.*both are billed by the hour/);
    expect(text).toContain('Send again, may be billed twice');
  });

  it('names the trainings that it may be, and no more than a person can look up', () => {
    const candidates = Array.from({ length: 30 }, (_, index) => trainingId(`candidate${index}`));
    const text = newsText(asking({ candidates }));
    expect(text).toMatch(/Several trainings are new there\..*somebody else/);
    expect(text).toContain('`candidate0`');
    expect(text).not.toContain('`candidate5`');
    expect(text).toContain('and others');
    expect(newsText(asking())).not.toContain('new there');
  });

  it('says of the only one what is known of it, and that it may be somebody else’s', () => {
    const sighting = { trainingId: trainingId('mine?'), seenAt: noon, stage: 'training_started' };
    const text = newsText(asking({ candidates: [sighting.trainingId], sightings: [sighting] }));
    expect(text).toMatch(/One training is new there\. It may be this one, or somebody else/);
    expect(text).toContain(`- \`mine?\`: first seen <t:${noon / 1000}:R>, “Training”`);
  });

  it('is answered with three buttons of this job', () => {
    const ids = customIdsOf(dueNews(asking(), aReview())!.body).map(parseCustomId);
    expect(ids).toMatchObject([{ verb: 'is-training' }, { verb: 'resend' }, { verb: 'drop' }]);
    expect(new Set(ids.map(({ id }) => id))).toEqual(new Set(['job1']));
  });
});
