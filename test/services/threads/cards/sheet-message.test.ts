import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import type { Verdict } from '../../../../src/services/photos/photo.ts';
import {
  sheetAltText,
  sheetContents,
  sheetText,
  tilesOf,
} from '../../../../src/services/threads/cards/sheet-message.ts';
import { aJob, noon, order } from '../../jobs/job-builder.ts';
import { aReview, good, photosWith, refused, warning } from './review-builder.ts';

const pending: Job['pending'] = [{ position: 8, url: 'https://cdn.example/a.jpg', name: 'a.jpg', sizeBytes: 1 }];

describe('what stands above the contact sheet', () => {
  it('mentions the owner, who is brought into the thread by it', () => {
    expect(sheetText(aJob('draft'), aReview())).toMatch(/^<@owner1> /);
  });

  it('says how many can be used, and at which size they are sent', () => {
    expect(sheetText(aJob('draft'), aReview())).toMatch(/\*\*7 of 7 photos can be used\.\*\*.*1024 × 1024/);
    const small = aJob('draft', { order: { ...order, method: 'dreambooth' } });
    expect(sheetText(small, aReview())).toContain('512 × 512');
  });

  it('speaks only of photos that something is to be said about, in words as well as signs', () => {
    const text = sheetText(aJob('draft'), aReview({ photos: photosWith(good, warning, refused) }));
    expect(text.split('\n').slice(1)).toEqual([
      '! **2** used, but: very dark (IMG\\_2.jpg)',
      '✕ **3** left out: the same file as photo 1 (IMG\\_3.jpg)',
    ]);
  });

  it('says of a photo that its owner left it out, and not that anything is wrong with it', () => {
    const [photo] = photosWith({ kind: 'refused', reason: 'left out by you' });
    const text = sheetText(aJob('draft'), aReview({ photos: [{ ...photo!, isExcluded: true }] }));
    expect(text.split('\n')[1]).toBe('✕ **1** left out by you (IMG\\_1.jpg)');
  });

  it('says that photos are being looked at, the new ones with those from before', () => {
    expect(sheetText(aJob('draft', { pending }), aReview())).toContain('Looking at 8 photos');
  });

  it('says why photos wait, in words that need no edit while they do', () => {
    const waiting = (why: 'decoder' | 'used-up', lookAt: number) =>
      sheetText(aJob('draft', { pending, delay: { why, lookAt } }), aReview());
    expect(waiting('decoder', noon)).toMatch(/cannot look at photos at the moment.*I go on by myself/);
    expect(waiting('decoder', noon + 15_000)).toBe(waiting('decoder', noon));
    expect(waiting('used-up', noon)).toContain(`I go on by myself at <t:${noon / 1000}:t>`);
  });

  it('counts archives apart, because nobody knows yet what is in them', () => {
    const archive = { position: 9, url: 'https://cdn.example/a.zip', name: 'a.zip', sizeBytes: 1 };
    const review = aReview({ photos: [] });
    expect(sheetText(aJob('draft', { pending: [archive] }), review)).toContain('Looking at 1 zip archive …');
    expect(sheetText(aJob('draft', { pending: [archive, ...pending] }), review)).toContain(
      'Looking at 1 photo and 1 zip archive …',
    );
  });

  it('names what is not in the picture, and why, before all else', () => {
    const leftOut = [
      { names: ['notes.txt'], count: 1, reason: 'no picture' },
      { names: ['a_1.jpg', 'b.jpg'], count: 7, reason: 'an order has 30 photos at most' },
    ];
    const text = sheetText(aJob('draft', { leftOut }), aReview({ photos: photosWith(good, warning) }));
    expect(text.split('\n').slice(1)).toEqual([
      '✕ notes.txt left out: no picture',
      '✕ a\\_1.jpg, b.jpg and 5 more left out: an order has 30 photos at most',
      '! **2** used, but: very dark (IMG\\_2.jpg)',
    ]);
    expect(sheetText(aJob('draft', { leftOut }), aReview({ photos: [] }))).toMatch(/No photos yet.*\n✕ notes\.txt/);
  });

  it('says what to do when there are none', () => {
    expect(sheetText(aJob('draft'), aReview({ photos: [] }))).toMatch(/No photos yet.*Add photos/);
  });

  it('takes no formatting from file names, and shortens long ones', () => {
    const [photo] = photosWith(refused);
    const long = { ...photo!, name: `**bold** ${'x'.repeat(250)}.jpg` };
    const text = sheetText(aJob('draft'), aReview({ photos: [long] }));
    expect(text).toContain('\\*\\*bold\\*\\* xxx');
    expect(text.length).toBeLessThan(300);
  });
});

it('reads the sheet to people who do not see it, within Discord’s 1024 characters', () => {
  expect(sheetAltText(photosWith(good, warning, good, refused))).toBe(
    'Contact sheet of 4 crops, numbered. Good: 1, 3. Used, with a warning: 2. Left out: 4.',
  );
  expect(sheetAltText(photosWith(good))).toBe('Contact sheet of 1 crop, numbered. Good: 1.');
  const many = photosWith(...Array<Verdict>(30).fill({ kind: 'refused', reason: 'x'.repeat(200) }));
  expect(sheetAltText(many).length).toBeLessThan(1024);
});

it('numbers tiles in order, and has no picture for a photo that could not be read', () => {
  const [first, second] = photosWith(good, refused);
  const { thumbnail: _unread, ...unreadable } = second!;
  expect(tilesOf([first!, unreadable])).toEqual([
    { number: 1, verdict: good, thumbnail: first!.thumbnail },
    { number: 2, verdict: refused },
  ]);
});

describe('whether the sheet has to be drawn again', () => {
  const before = sheetContents(aJob('draft'), aReview());

  it('does not when only the price or the name changed', () => {
    expect(
      sheetContents(aJob('draft', { order: { ...order, name: 'Other', method: 'lora-sdxl' } }), aReview()),
    ).toEqual(before);
  });

  it('does when the crop changed, a photo went, or a verdict changed', () => {
    const photos = aReview().photos.map((photo) => ({ ...photo, cropName: 'centre-1024' }));
    expect(sheetContents(aJob('draft'), aReview({ photos }))).not.toEqual(before);
    expect(sheetContents(aJob('draft'), aReview({ photos: aReview().photos.slice(1) }))).not.toEqual(before);
    const judged = photosWith(
      warning,
      ...aReview()
        .photos.slice(1)
        .map(({ verdict }) => verdict),
    );
    expect(sheetContents(aJob('draft'), aReview({ photos: judged }))).not.toEqual(before);
  });
});
