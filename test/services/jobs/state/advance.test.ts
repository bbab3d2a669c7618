import { describe, expect, it } from 'vitest';
import { advance, type JobEvent } from '../../../../src/services/jobs/state/advance.ts';
import type { Job, State } from '../../../../src/services/jobs/state/job.ts';
import { longestOverMs, missesUntilLost } from '../../../../src/services/jobs/state/training-status.ts';
import type { TrainingStatus } from '../../../../src/services/modelslab/training-api.ts';
import { aJob, endStates, intent, noon, order, phaseOf, phases, states, trainingId, webhook } from '../job-builder.ts';

type EventType = JobEvent['type'];

const later = noon + 5000;
const running: TrainingStatus = { stage: 'training_started', verdict: 'running', log: ['step 3 of 20'] };

const events: { readonly [T in EventType]: Extract<JobEvent, { type: T }> } = {
  'photos-attached': { type: 'photos-attached', sources: [{ url: 'https://cdn/a', name: 'a.jpg', sizeBytes: 1 }] },
  'photos-prepared': { type: 'photos-prepared', positions: [1], recipe: 'attention-1024', leftOut: [] },
  'photos-delayed': { type: 'photos-delayed', why: 'decoder', ms: 15_000 },
  'photos-removed': { type: 'photos-removed' },
  'photo-adjusted': { type: 'photo-adjusted', photo: { position: 2 }, edit: 'left' },
  'order-changed': { type: 'order-changed', order: { ...order, steps: 20 } },
  'wallet-asked': { type: 'wallet-asked' },
  'wallet-seen': { type: 'wallet-seen', usd: 2 },
  started: { type: 'started', orderRev: 3 },
  'joined-line': { type: 'joined-line', keyFingerprint: 'print2' },
  held: { type: 'held', hold: 'provider-busy' },
  called: { type: 'called' },
  leaving: { type: 'leaving', intent },
  accepted: { type: 'accepted', trainingId: trainingId('t9') },
  'not-accepted': { type: 'not-accepted', hold: 'provider-silent' },
  'no-verdict': { type: 'no-verdict' },
  misnamed: { type: 'misnamed' },
  'looked-in-vain': { type: 'looked-in-vain' },
  undecidable: { type: 'undecidable', candidates: [trainingId('t9')] },
  'send-again': { type: 'send-again' },
  'webhook-called': { type: 'webhook-called' },
  'call-followed': { type: 'call-followed' },
  'status-seen': { type: 'status-seen', status: running },
  'status-missing': { type: 'status-missing' },
  'call-failed': { type: 'call-failed' },
  'cancel-asked': { type: 'cancel-asked' },
  'cancel-refused': { type: 'cancel-refused', said: 'too late' },
  cancelled: { type: 'cancelled' },
  failed: { type: 'failed', failure: { kind: 'no-key' } },
  discarded: { type: 'discarded', why: 'owner' },
  reopened: { type: 'reopened' },
  deleted: { type: 'deleted' },
  'pictures-ordered': { type: 'pictures-ordered', round: 1, count: 2, prompt: 'photo of ambika0' },
  'pictures-moved': { type: 'pictures-moved', round: 1, event: { type: 'put-off', until: later } },
};

/** Where each event leads from each state. What is not written here must change nothing at all. */
const transitions: Readonly<Record<State, Partial<Record<EventType, State>>>> = {
  draft: {
    'photos-attached': 'draft',
    'photos-prepared': 'draft',
    'photos-delayed': 'draft',
    'photos-removed': 'draft',
    'photo-adjusted': 'draft',
    'order-changed': 'draft',
    'wallet-asked': 'draft',
    'wallet-seen': 'draft',
    started: 'queued',
    discarded: 'discarded',
  },
  queued: {
    'joined-line': 'queued',
    held: 'queued',
    called: 'queued',
    leaving: 'sending',
    'cancel-asked': 'cancelled',
    failed: 'failed',
  },
  sending: {
    accepted: 'training',
    'not-accepted': 'queued',
    'no-verdict': 'unknown',
    misnamed: 'asking',
    'cancel-asked': 'sending',
    failed: 'failed',
  },
  unknown: {
    accepted: 'training',
    'looked-in-vain': 'unknown',
    undecidable: 'asking',
    misnamed: 'asking',
    'send-again': 'queued',
    'call-failed': 'unknown',
    'cancel-asked': 'unknown',
    failed: 'failed',
  },
  asking: { accepted: 'training', 'send-again': 'queued', cancelled: 'cancelled' },
  training: {
    'status-seen': 'training',
    'status-missing': 'training',
    'call-failed': 'training',
    'cancel-asked': 'training',
    'cancel-refused': 'training',
    cancelled: 'cancelled',
    failed: 'failed',
  },
  ready: { deleted: 'deleted', 'pictures-ordered': 'ready' },
  failed: { reopened: 'draft' },
  cancelled: {},
  discarded: {},
  deleted: {},
};

const eventTypes = Object.keys(events) as EventType[];
const pairs = states.flatMap((state) => eventTypes.map((event) => ({ state, event, next: transitions[state][event] })));
const steps = pairs.filter(({ next }) => next !== undefined);
const nothings = pairs.filter(({ next }) => next === undefined);

describe('every state meets every event', () => {
  it.each(steps)('$state meets $event and is $next', ({ state, event, next }) => {
    const job = aJob(state);
    const after = advance(job, events[event], later);
    expect(after.phase.state).toBe(next);
    expect(after).not.toBe(job);
  });

  it.each(nothings)('$state meets $event and stays the very same object', ({ state, event }) => {
    const job = aJob(state);
    expect(advance(job, events[event], later)).toBe(job);
  });

  it.each(steps)('$state is frozen: $event makes another object of it', ({ state, event }) => {
    const job = deepFrozen(aJob(state));
    expect(() => advance(job, events[event], later)).not.toThrow();
  });

  it('knows no way to money from a draft but Start', () => {
    const ways = eventTypes.filter((event) => advance(aJob('draft'), events[event], later).phase.state !== 'draft');
    expect(ways).toEqual(['started', 'discarded']);
  });

  it.each(steps.filter(({ state, next }) => state !== next))(
    'looks at the job at once when it goes from $state to $next by $event',
    ({ state, event }) => {
      expect(advance(aJob(state, { nextAt: null }), events[event], later).nextAt).toBe(later);
    },
  );

  const endings = steps.filter(({ state, next }) => next !== undefined && next !== state && endStates.includes(next));
  it.each(endings.filter(({ next }) => next !== 'deleted'))(
    'notes when the job ended when $state meets $event, and waits for no photo any more',
    ({ state, event }) => {
      const pending = [{ url: 'https://cdn/a', name: 'a.jpg', sizeBytes: 1, position: 4 }];
      expect(advance(aJob(state, { pending }), events[event], later)).toMatchObject({ endedAt: later, pending: [] });
    },
  );
});

describe('a ready model', () => {
  it('keeps the time at which it got ready when it is deleted, because the usual time is reckoned from it', () => {
    expect(advance(aJob('ready'), events.deleted, later).endedAt).toBe(noon);
  });
});

describe('a draft', () => {
  it('gives each attached photo a place that was never used', () => {
    const job = advance(aJob('draft', { lastPosition: 7 }), events['photos-attached'], later);
    expect(job.pending.map(({ position }) => position)).toEqual([8]);
    expect(job.lastPosition).toBe(8);
  });

  it('keeps as many places for an archive as an order has photos', () => {
    const sources = ['a.ZIP', 'b.jpg'].map((name) => ({ url: 'https://cdn/x', name, sizeBytes: 1 }));
    const job = advance(aJob('draft', { lastPosition: 7 }), { type: 'photos-attached', sources }, later);
    expect(job.pending.map(({ position }) => position)).toEqual([8, 38]);
    expect(job.lastPosition).toBe(38);
  });

  it('says what was left out of what was attached last', () => {
    const leftOut = [{ names: ['a.txt'], count: 1, reason: 'no picture' }];
    const prepared = { ...events['photos-prepared'], leftOut };
    const twice = advance(advance(aJob('draft'), prepared, later), prepared, later);
    expect(twice.leftOut).toEqual([...leftOut, ...leftOut]);
    expect(advance(twice, events['photos-attached'], later).leftOut).toEqual([]);
  });

  it('keeps waiting for the photos that came while others were prepared', () => {
    const two = advance(advance(aJob('draft'), events['photos-attached'], later), events['photos-attached'], later);
    const job = advance(two, { type: 'photos-prepared', positions: [4], recipe: 'centre-512', leftOut: [] }, later);
    expect(job.pending.map(({ position }) => position)).toEqual([5]);
    expect(job.cropped).toBe('centre-512');
  });

  it.each(['photos-attached', 'photos-prepared', 'photos-removed', 'photo-adjusted', 'order-changed'] as const)(
    'gets a new revision by %s, so that a press on the card before it is recognised',
    (event) => {
      const job = advance(aJob('draft'), events[event], later);
      expect(job).toMatchObject({ orderRev: 4, touchedAt: later, nextAt: later });
    },
  );

  it('is told in its thread again when somebody touches it, wherever it was told last', () => {
    const elsewhere = aJob('draft', { told: { ...aJob('draft').told, place: 'dm' } });
    expect(advance(elsewhere, events['photos-attached'], later).told.place).toBe('thread');
  });

  it('is not started by a press on an older card', () => {
    const job = aJob('draft');
    expect(advance(job, { type: 'started', orderRev: 2 }, later)).toBe(job);
    expect(advance(job, { type: 'started', orderRev: 4 }, later)).toBe(job);
  });

  it('remembers when Start was pressed, and forgets the trouble it had before', () => {
    expect(advance(aJob('draft', { trouble: 4 }), events.started, later)).toMatchObject({
      startedAt: later,
      touchedAt: later,
      trouble: 0,
      orderRev: 3,
    });
  });
});

describe('an order on its way', () => {
  it('stores with the intent which key pays and how often it was tried', () => {
    const leaving = { type: 'leaving', intent: { ...intent, attempt: 3, keyFingerprint: 'print2' } } as const;
    const job = advance(aJob('queued', { attempts: 2 }), leaving, later);
    expect(job).toMatchObject({ attempts: 3, keyFingerprint: 'print2', phase: { intent: leaving.intent } });
  });

  it('waits longer with each hold that the provider causes, but not while it waits for another order', () => {
    const held = (hold: 'another-first' | 'provider-silent') =>
      advance(aJob('queued', { trouble: 2 }), { type: 'held', hold }, later).trouble;
    expect(held('provider-silent')).toBe(3);
    expect(held('another-first')).toBe(2);
  });

  it('begins its training at the first stage of its method', () => {
    const job = advance(aJob('sending', { trouble: 2 }), events.accepted, later);
    expect(job.trouble).toBe(0);
    expect(job.phase).toEqual({ ...phases.training, trainingId: 't9', stage: 'deploying_gpu', stageAt: later });
  });

  it('does not leave when it was sent by somebody else since it was got ready', () => {
    const job = aJob('queued', { attempts: 1 });
    expect(advance(job, events.leaving, later)).toBe(job);
  });

  it('keeps the intent while nobody knows whether it arrived', () => {
    const unknown = advance(aJob('sending'), events['no-verdict'], later);
    expect(phaseOf(unknown, 'unknown')).toMatchObject({ intent, looks: 0, lookedAt: later });
    expect(phaseOf(advance(unknown, events.undecidable, later), 'asking').intent).toBe(intent);
  });

  it('counts each look in vain, and when it was', () => {
    const twice = advance(aJob('unknown'), events['looked-in-vain'], later);
    expect(phaseOf(twice, 'unknown')).toMatchObject({ looks: 1, lookedAt: later });
  });

  it.each(['no-verdict', 'looked-in-vain'] as const)(
    'begins its wait for the next look without earlier trouble after %s, because a shorter wait proves less',
    (event) => {
      const job = aJob(event === 'no-verdict' ? 'sending' : 'unknown', { trouble: 3 });
      expect(advance(job, events[event], later).trouble).toBe(0);
    },
  );
});

describe('a call of the provider’s', () => {
  const silent = { webhook };
  const called = { webhook: { ...webhook, called: true } };

  it.each(states.filter((state) => !['queued', 'failed', 'cancelled'].includes(state)))(
    'is noted once, and only while the job is under way (%s)',
    (state) => {
      const isUnderWay = ['sending', 'unknown', 'asking', 'training'].includes(state);
      const job = aJob(state, silent);
      const after = advance(job, events['webhook-called'], later);
      expect(after).toEqual(isUnderWay ? { ...job, ...called } : job);
      expect(advance(after, events['webhook-called'], later)).toBe(after);
    },
  );

  it.each(['failed', 'cancelled'] as const)('about an order that is %s without a training is news, once', (state) => {
    const job = aJob(state, { ...silent, nextAt: null });
    const after = advance(job, events['webhook-called'], later);
    expect(after).toEqual({ ...job, ...called, lateCallAt: later, nextAt: later });
    expect(advance(after, events['webhook-called'], later + 1)).toBe(after);
  });

  it.each([
    ['whose training was known', { phase: { ...phases.failed, trainingId: trainingId('t1') } }],
    ['that was dropped although it was known to have arrived', called],
    ['that costs nothing', { order: { ...order, method: 'sandbox' } }],
    ['that asked for no calls', { webhook: undefined }],
  ] as const)('about a failed order %s is no news', (_what, change) => {
    const { webhook: asked, ...rest } = { ...aJob('failed', silent), ...change };
    const job = { ...rest, ...(asked && { webhook: asked }) };
    expect(advance(job, events['webhook-called'], later)).not.toHaveProperty('lateCallAt');
  });

  it('changes nothing but that: neither what is known of the training nor when it is looked at', () => {
    const job = aJob('training', silent);
    expect(advance(job, events['webhook-called'], later)).toEqual({ ...job, ...called });
  });

  it('is told apart from those about earlier attempts: each has a token of its own, or none', () => {
    const again = aJob('queued', silent);
    const leaving = (tokenHash?: string) => ({ ...events.leaving, ...(tokenHash !== undefined && { tokenHash }) });
    expect(advance(again, leaving('hash2'), later).webhook).toEqual({ ...webhook, tokenHash: 'hash2' });
    expect(advance(again, leaving(), later)).not.toHaveProperty('webhook');
  });

  it.each(['not-accepted', 'failed', 'no-verdict'] as const)(
    'proves that the order arrived, although its answer was taken for "%s": it is looked for, not sent again',
    (event) => {
      const job = advance(aJob('sending', called), events[event], later);
      expect(phaseOf(job, 'unknown')).toMatchObject({ intent, looks: 0, lookedAt: later });
    },
  );

  it('counts more than a refusal that comes when the order is looked for already', () => {
    const job = aJob('unknown', called);
    expect(advance(job, events.failed, later)).toBe(job);
    expect(advance(aJob('unknown', silent), events.failed, later).phase.state).toBe('failed');
  });

  it('that comes while the list is read overrules what the list shows: the order is not sent again', () => {
    const job = advance(aJob('unknown', called), events['send-again'], later);
    expect(phaseOf(job, 'unknown')).toMatchObject({ looks: 1, lookedAt: later });
  });

  it('does not keep a free order from being sent again: twice costs nothing', () => {
    const free = aJob('unknown', { ...called, order: { ...order, method: 'sandbox' } });
    expect(advance(free, events['send-again'], later).phase.state).toBe('queued');
  });

  it('has an attempt that was taken for lost looked for at once: neither sent again nor cancelled as never sent', () => {
    const job = advance(aJob('queued', { ...silent, attempts: 1 }), events['webhook-called'], later);
    expect(phaseOf(job, 'unknown')).toEqual({
      state: 'unknown',
      intent: { ...intent, before: null },
      looks: 0,
      lookedAt: later,
    });
    expect(job).toMatchObject({ ...called, attempts: 1, nextAt: later });
  });

  it('is about the key that the attempt was sent with, also when the order waits with another one meanwhile', () => {
    const waiting = aJob('queued', { ...silent, attempts: 1, keyFingerprint: 'print2', trouble: 2 });
    expect(advance(waiting, events['webhook-called'], later)).toMatchObject({ keyFingerprint: 'print1', trouble: 0 });
  });

  it('about a free order lets the next attempt go: looking for it would never end', () => {
    const free = aJob('queued', { ...silent, order: { ...order, method: 'sandbox' } });
    const job = advance(advance(free, events['webhook-called'], later), events.leaving, later);
    expect(job.phase.state).toBe('sending');
  });

  it('counts less than what a person decides later', () => {
    const again = advance(aJob('asking', called), events['send-again'], later);
    const next = { type: 'leaving', intent: { ...intent, attempt: 2 } } as const;
    expect(advance(again, next, later).phase.state).toBe('sending');
  });
});

describe('a cancel', () => {
  it('ends a queued job without a training', () => {
    const job = advance(aJob('queued'), events['cancel-asked'], later);
    expect(job.phase).toEqual({ state: 'cancelled' });
  });

  it('of an order that a person had sent again does not claim that it never arrived: nobody knew', () => {
    const again = advance(aJob('asking'), events['send-again'], later);
    expect(advance(again, events['cancel-asked'], later).phase).toEqual({ state: 'cancelled', unclear: true });
  });

  it('that came while the order was sent is done once it is back in the queue', () => {
    const asked = advance(aJob('sending'), events['cancel-asked'], later);
    expect(advance(asked, events['not-accepted'], later).phase.state).toBe('cancelled');
  });

  it('that came while nobody knew is done when it turns out that nothing arrived', () => {
    const asked = advance(aJob('unknown'), events['cancel-asked'], later);
    expect(advance(asked, events['send-again'], later).phase.state).toBe('cancelled');
  });

  it.each(['sending', 'unknown'] as const)('that came while it was %s is still wanted once it is training', (state) => {
    const asked = advance(aJob(state), events['cancel-asked'], later);
    const job = advance(asked, events.accepted, later + 1);
    expect(job).toMatchObject({ phase: { state: 'training' }, cancelAskedAt: later });
  });

  it('gives way to the later answer "send again", which a person gave to the question', () => {
    const asked = advance(aJob('unknown'), events['cancel-asked'], later);
    const job = advance(advance(asked, events.undecidable, later), events['send-again'], later + 1);
    expect(job).toMatchObject({ phase: { state: 'queued' }, touchedAt: later + 1 });
    expect(job.cancelAskedAt).toBeUndefined();
  });

  it('keeps the time of the first press', () => {
    const twice = advance(advance(aJob('training'), events['cancel-asked'], noon), events['cancel-asked'], later);
    expect(twice.cancelAskedAt).toBe(noon);
  });

  it('gives way to the later answer "it is training" as well', () => {
    const asked = advance(aJob('unknown'), events['cancel-asked'], later);
    const job = advance(advance(asked, events.undecidable, later), events.accepted, later + 1);
    expect(job.phase.state).toBe('training');
    expect(job.cancelAskedAt).toBeUndefined();
  });

  it('that was refused can be asked for again', () => {
    const asked = advance(aJob('training'), events['cancel-asked'], noon);
    const refused = advance(asked, events['cancel-refused'], later);
    expect(phaseOf(refused, 'training').cancelRefused).toBe('too late');
    expect(refused.cancelAskedAt).toBeUndefined();
    expect(advance(refused, events['cancel-asked'], later).cancelAskedAt).toBe(later);
  });

  it('keeps the id of the training it ended', () => {
    expect(advance(aJob('training'), events.cancelled, later).phase).toEqual({ state: 'cancelled', trainingId: 't1' });
  });
});

describe('a running training', () => {
  const seen = (job: Job, status: Partial<TrainingStatus>, at = later) =>
    advance(job, { type: 'status-seen', status: { ...running, ...status } }, at);

  it('moves on to the stage that was seen, with its log, and forgets misses and trouble', () => {
    const job = seen(aJob('training', { trouble: 2, phase: { ...phases.training, misses: 3 } }), {});
    expect(job).toMatchObject({
      trouble: 0,
      phase: { stage: 'training_started', stageAt: later, log: running.log, misses: 0 },
    });
  });

  it('keeps the time at which its stage began while the stage is the same', () => {
    const job = seen(seen(aJob('training'), {}, later), {}, later + 1000);
    expect(phaseOf(job, 'training').stageAt).toBe(later);
  });

  it('does not go back when the provider names an earlier stage', () => {
    const far = seen(aJob('training'), { stage: 'deploying_model' }, later);
    const job = seen(far, { stage: 'deploying_gpu' }, later + 1000);
    expect(phaseOf(job, 'training')).toMatchObject({ stage: 'deploying_model', stageAt: later });
  });

  it('shows a stage that we do not know, and goes on running', () => {
    expect(phaseOf(seen(aJob('training'), { stage: 'polishing' }), 'training').stage).toBe('polishing');
  });

  it('keeps how the provider says that the model is used', () => {
    const ready = seen(aJob('training'), { verdict: 'ready', usage: '{"model_id":"flux"}' });
    expect(phaseOf(ready, 'ready').usage).toBe('{"model_id":"flux"}');
  });

  it('is ready once: a second "ready" and a late "running" change nothing', () => {
    const ready = seen(aJob('training'), { verdict: 'ready', sampleUrl: 'https://sample/1.png' });
    expect(ready.phase).toEqual({ state: 'ready', trainingId: 't1', sampleUrl: 'https://sample/1.png' });
    expect(seen(ready, { verdict: 'ready' }, later + 1)).toBe(ready);
    expect(seen(ready, { verdict: 'running' }, later + 1)).toBe(ready);
  });

  it('fails with the last line of the provider’s log, and keeps all of it', () => {
    const failed = seen(aJob('training'), { verdict: 'failed', log: ['loading', 'out of memory'] });
    expect(failed.phase).toEqual({
      state: 'failed',
      trainingId: 't1',
      failure: { kind: 'training-failed', said: 'out of memory' },
      log: ['loading', 'out of memory'],
    });
  });

  it('fails without a reason when the log is empty', () => {
    const failed = seen(aJob('training'), { verdict: 'failed', log: [] });
    expect(phaseOf(failed, 'failed').failure).toEqual({ kind: 'training-failed' });
    expect(failed.phase).not.toHaveProperty('log');
  });

  it('is cancelled when the provider says so, whoever did it', () => {
    expect(seen(aJob('training'), { verdict: 'cancelled' }).phase).toEqual({ state: 'cancelled', trainingId: 't1' });
  });

  it('keeps the request that uses the model', () => {
    const ready = seen(aJob('training'), { verdict: 'ready', usage: '{"model_id":"flux"}' });
    expect(phaseOf(ready, 'ready').usage).toBe('{"model_id":"flux"}');
  });

  describe('that is over, which is said of a stopped one as well as of one that is about to be ready', () => {
    const over = { stage: 'training_completed', verdict: 'over' } as const;
    const waiting = seen(aJob('training'), over, noon);

    it('waits for its model', () => {
      expect(phaseOf(waiting, 'training')).toMatchObject({ stage: 'training_completed', stageAt: noon });
      expect(seen(seen(waiting, over, noon + longestOverMs), { verdict: 'ready' }).phase.state).toBe('ready');
    });

    it('was stopped when somebody had asked for that', () => {
      const asked = aJob('training', { cancelAskedAt: noon });
      expect(seen(asked, over).phase).toEqual({ state: 'cancelled', trainingId: 't1' });
    });

    it('was stopped at the provider when no model comes of it for an hour', () => {
      expect(seen(waiting, over, noon + longestOverMs).phase.state).toBe('training');
      const ended = seen(waiting, over, noon + longestOverMs + 1);
      expect(ended).toMatchObject({
        phase: { state: 'cancelled', trainingId: 't1' },
        nextAt: noon + longestOverMs + 1,
      });
    });

    it('is given the whole hour when it was long on the stage before', () => {
      const long = seen(aJob('training'), {}, noon);
      expect(seen(long, over, noon + 5 * longestOverMs).phase.state).toBe('training');
    });
  });

  it('is lost when it was not found several times in a row, and not before', () => {
    const missed = (times: number) =>
      Array.from({ length: times }).reduce<Job>(
        (job) => advance(job, events['status-missing'], later),
        aJob('training'),
      );
    expect(missed(missesUntilLost - 1).phase.state).toBe('training');
    expect(phaseOf(missed(missesUntilLost), 'failed')).toMatchObject({ failure: { kind: 'lost' }, trainingId: 't1' });
  });
});

describe('Try again', () => {
  const told = {
    place: 'thread',
    cropIds: [],
    news: ['end'],
    failures: 0,
    sheetId: 'm1',
    cardId: 'm2',
    cardAt: 1,
    card: 'x',
  };
  const failed = aJob('failed', {
    told: told as unknown as Job['told'],
    attempts: 2,
    trouble: 3,
    lastPosition: 9,
    cancelAskedAt: noon,
    webhook,
  });
  const again = advance(failed, events.reopened, later);

  it('keeps the order, the photos’ places and crops, and what was posted of them', () => {
    expect(again).toMatchObject({ order, lastPosition: 9, cropped: 'attention-1024', attempts: 2, createdAt: noon });
    expect(again.told.sheetId).toBe('m1');
  });

  it('forgets the round before: times, key, card, news, trouble', () => {
    for (const field of ['startedAt', 'endedAt', 'cancelAskedAt', 'keyFingerprint', 'webhook'] as const) {
      expect(again, field).not.toHaveProperty(field);
    }
    expect(again.told).toEqual({ place: 'thread', cropIds: [], news: [], failures: 0, sheetId: 'm1' });
    expect(again.trouble).toBe(0);
  });

  it('shows a card of its own revision, so that the first card’s Start does nothing', () => {
    expect(again.orderRev).toBe(failed.orderRev + 1);
    expect(advance(again, events.started, later)).toBe(again);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
