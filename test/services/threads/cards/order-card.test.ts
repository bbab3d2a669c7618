import { describe, expect, it } from 'vitest';
import type { Blocker } from '../../../../src/services/jobs/review/review.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { colors } from '../../../../src/services/threads/cards/body.ts';
import { orderCard } from '../../../../src/services/threads/cards/order-card.ts';
import { aJob, minute, noon, order } from '../../jobs/job-builder.ts';
import { customIdsOf } from './discord-rules.ts';
import { aReview, good, photosWith, refused, textIn, warning } from './review-builder.ts';

function draft(change: Partial<Job['order']> = {}): Job {
  return aJob('draft', { order: { ...order, ...change } });
}

function startOf(job: Job, blockers: readonly Blocker[] = []) {
  const [row] = orderCard(job, aReview({ blockers })).components;
  const [start] = row!.components;
  return start as { label: string; custom_id: string; disabled: boolean };
}

describe('a wallet that does not cover the price', () => {
  const withWallet = (usd: number | undefined, change: Partial<Job['order']> = {}): Job => ({
    ...draft(change),
    wallet: { askedAt: noon, ...(usd !== undefined && { usd }) },
  });
  const warningIn = (job: Job) => /⚠.*wallet.*/.exec(textIn(orderCard(job, aReview())))?.[0];

  it('is told with what is there, what is needed, who can add credit and where; Start stays open', () => {
    const poor = withWallet(0.5);
    expect(warningIn(poor)).toMatch(/held \$0\.50.*costs \$1\.00.*admin.*add credit at modelslab\.com/);
    expect(startOf(poor).disabled).toBe(false);
    expect(orderCard(poor, aReview()).embeds[0]?.color).toBe(colors.warning);
  });

  it.each([
    ['it is enough', 1, {}],
    ['nobody knows', undefined, {}],
    ['the method is free', -3, { method: 'sandbox' }],
    ['the price comes by the hour and there is something', 0.01, { method: 'flux' }],
  ] as const)('is not told when %s', (_when, usd, change) => {
    expect(warningIn(withWallet(usd, change))).toBeUndefined();
  });

  it.each([0, -2])('is told for an hourly price when the wallet holds %d', (usd) => {
    expect(warningIn(withWallet(usd, { method: 'flux' }))).toMatch(/was empty.*billed by the hour/);
  });

  it('never reads as if there were enough', () => {
    expect(warningIn(withWallet(0.9999))).toMatch(/held \$0\.99.*costs \$1\.00/);
  });

  it('follows the method: what pays for one may not pay for another', () => {
    expect(warningIn(withWallet(2, { method: 'dreambooth' }))).toMatch(/held \$2\.00.*costs \$3\.00/);
  });
});

it('warns of a base model that ModelsLab does not list, and leaves Start open', () => {
  const job = draft({ method: 'dreambooth', baseModel: 'midjorney' });
  const warned = (isBaseModelListed: boolean | undefined) =>
    textIn(orderCard(job, aReview({ isBaseModelListed }))).includes(
      '⚠ ModelsLab does not list a base model called `midjorney`',
    );
  expect([false, true, undefined].map(warned)).toEqual([true, false, false]);
});

describe('what the order card says', () => {
  it('tells name, price, wallet, and that nothing is billed before Start', () => {
    const text = textIn(orderCard(draft(), aReview()));
    expect(text).toContain('Train “Ambika”');
    expect(text).toContain('Nothing is billed until you press Start.');
    expect(text).toContain('Price: $1.00 from this server’s ModelsLab wallet');
  });

  it('calls a free method free, and mentions no wallet', () => {
    const text = textIn(orderCard(draft({ method: 'sandbox' }), aReview()));
    expect(text).toContain('This method is free.');
    expect(text).not.toMatch(/\$|wallet/);
  });

  it('counts the photos by what becomes of them', () => {
    const photos = photosWith(good, good, warning, refused, good);
    expect(textIn(orderCard(draft(), aReview({ photos })))).toContain('Photos: 3 good, 1 with a warning, 1 left out');
  });

  it('says how many steps the number of photos makes, and which the member chose', () => {
    expect(textIn(orderCard(draft(), aReview()))).toContain('Steps: **14** (by the number of photos)');
    expect(textIn(orderCard(draft({ steps: 40 }), aReview()))).toMatch(/Steps: \*\*40\*\*$/m);
  });

  it('shows a base model only where one can be chosen, and the method’s own by default', () => {
    expect(textIn(orderCard(draft(), aReview()))).not.toContain('Base model');
    const dreambooth = draft({ method: 'dreambooth' });
    expect(textIn(orderCard(dreambooth, aReview()))).toContain('Base model: `portraitplus-diffusion`');
    const own = draft({ method: 'dreambooth', baseModel: 'midjourney' });
    expect(textIn(orderCard(own, aReview()))).toContain('Base model: `midjourney`');
  });

  it('shows each setting that is sent, and which of them nobody chose', () => {
    const text = textIn(orderCard(draft({ network: 'lycoris' }), aReview()));
    expect(text).toMatch(/^Network: \*\*lycoris\*\*$/m);
    expect(text).toMatch(/^Report to Weights & Biases: \*\*no\*\* \(the method’s own\)$/m);
    expect(text).toMatch(/^Negative prompt: \*\*lowres, bad anatomy.{20,80}…\*\* \(the method’s own\)$/m);
    expect(text).toMatch(/^Seed: \*\*random\*\*$/m);
    const v2 = textIn(orderCard(draft({ method: 'dreambooth-v2', unetRate: '3e-7' }), aReview()));
    expect(v2).toMatch(/UNet learning rate: \*\*3e-7\*\*$/m);
    expect(v2).toContain('Text encoder steps: **350** (the method’s own)');
    expect(v2).not.toMatch(/^Steps/m);
  });

  it('gives a usual time only when trainings here have shown one', () => {
    expect(textIn(orderCard(draft(), aReview()))).toContain('Usual time: not known yet');
    const usual = { fromMs: 25 * minute, toMs: 35 * minute };
    expect(textIn(orderCard(draft(), aReview({ usual })))).toContain('Usual time: 25 to 35 minutes');
  });

  it('advises more photos when they are enough and more would be better', () => {
    const few = aReview({ photos: photosWith(good, good, good) });
    expect(textIn(orderCard(draft(), few))).toContain('3 photos will do. A better model comes of 7 or more');
    expect(textIn(orderCard(draft(), aReview()))).not.toContain('will do');
  });

  it('asks for a confirmation of the right to use the photos, once, where its own Start is the answer', () => {
    const asking = orderCard(draft(), aReview({ confirmedAt: undefined }));
    expect(textIn(asking)).toMatch(/Please confirm.*: By pressing \*\*Start\*\* you confirm that the photos .* adult/);
    expect(textIn(asking)).toContain('Start ($1.00), I confirm');
    expect(textIn(asking).match(/you confirm/gi), 'said once').toHaveLength(1);
    expect(customIdsOf(asking), 'pressed as any Start').toContain('start:job1:3');
  });

  it('says what was confirmed, and when, to a member who did', () => {
    const told = orderCard(draft(), aReview({ confirmedAt: noon }));
    expect(told.embeds[0]).toMatchObject({
      footer: { text: expect.stringMatching(/^You confirmed that the photos .* adult$/) as string },
      timestamp: '2026-01-01T12:00:00.000Z',
    });
    expect(textIn(told)).not.toMatch(/Please confirm|I confirm/);
  });

  it('shows names as they are, without formatting', () => {
    expect(textIn(orderCard(draft({ name: 'my_new_model' }), aReview()))).toContain('“my\\_new\\_model”');
  });
});

describe('Start on the order card', () => {
  it('carries the price, and job and revision, so that a press on an older card is recognised', () => {
    expect(startOf(draft())).toMatchObject({ label: 'Start ($1.00)', custom_id: 'start:job1:3', disabled: false });
    expect(startOf(draft({ method: 'sandbox' })).label).toBe('Start (free)');
  });

  it('cannot be pressed while photos are looked at, and the card says so', () => {
    const blockers = [{ kind: 'preparing', photos: 3 }] as const;
    expect(startOf(draft(), blockers).disabled).toBe(true);
    expect(textIn(orderCard(draft(), aReview({ blockers })))).toMatch(/still being looked at/);
  });

  it('cannot be pressed with too few photos, and the card says how many are needed', () => {
    const blockers = [{ kind: 'too-few-photos', usable: 1, needed: 3 }] as const;
    expect(startOf(draft(), blockers).disabled).toBe(true);
    expect(textIn(orderCard(draft(), aReview({ blockers })))).toMatch(/3 usable photos.*there is 1.*Add photos/);
  });

  it('can be pressed without a key: an admin who sets one does not touch this card', () => {
    const blockers = [{ kind: 'no-key' }] as const;
    expect(startOf(draft(), blockers).disabled).toBe(false);
    expect(textIn(orderCard(draft(), aReview({ blockers })))).toMatch(/no ModelsLab API key.*\/config key/);
  });
});

it('has a button for more settings only where the method has some, and Discard last', () => {
  const labels = (method: Job['order']['method']) =>
    orderCard(draft({ method }), aReview())
      .components.flatMap((row) => row.components)
      .flatMap((one) => ('label' in one ? one.label : []));
  const start = ['Add photos', 'Remove photos', 'Adjust photos', 'Settings'];
  expect(labels('lora-sdxl').slice(1)).toEqual([...start, 'More settings', 'Discard']);
  expect(labels('flux').slice(1)).toEqual([...start, 'Discard']);
});

it('marks the order’s own method and crop in the menus', () => {
  const { components } = orderCard(draft({ method: 'dreambooth', crop: 'entropy' }), aReview());
  const menus = components.flatMap((row) => row.components).flatMap((one) => ('options' in one ? [one] : []));
  const chosen = menus.map(({ options }) => options.filter((option) => option.default).map(({ value }) => value));
  expect(chosen).toEqual([['dreambooth'], ['entropy']]);
});

it('offers to remove photos only where there are some', () => {
  const remove = (review = aReview()) => {
    const [row] = orderCard(draft(), review).components;
    return row!.components.find((one) => 'label' in one && one.label === 'Remove photos');
  };
  expect(remove()).toMatchObject({ disabled: false });
  expect(remove(aReview({ photos: [] }))).toMatchObject({ disabled: true });
});
