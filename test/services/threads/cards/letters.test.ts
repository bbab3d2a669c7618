import { describe, expect, it } from 'vitest';
import { shorten, visible } from '../../../../src/lib/text.ts';
import type { Job, Phase } from '../../../../src/services/jobs/state/job.ts';
import { mendedName } from '../../../../src/services/jobs/state/model-name.ts';
import { fileName } from '../../../../src/services/photos/file-name.ts';
import { cardOf } from '../../../../src/services/threads/cards/card.ts';
import { dueNews } from '../../../../src/services/threads/cards/news.ts';
import { photoPanel } from '../../../../src/services/threads/cards/photo-panel.ts';
import { sheetText } from '../../../../src/services/threads/cards/sheet-message.ts';
import { stateLabel } from '../../../../src/services/threads/cards/state-label.ts';
import { codeBlock } from '../../../../src/services/threads/cards/words.ts';
import { aJob, intent, jobId, trainingId } from '../../jobs/job-builder.ts';
import { problemsOfMessage } from './discord-rules.ts';
import { aReview, photosWith } from './review-builder.ts';

/*
 * Whatever people, archives and the provider write, in letters of many units: no message ends in half of one.
 */

const whole = [
  '😀',
  '👨\u200D👩\u200D👧\u200D👦',
  '🏴\u{E0067}\u{E0062}\u{E007F}',
  '🇨🇭',
  'ক্ষ',
  'e\u0301\u0323',
  'a',
  '𝒜',
  '❤\uFE0F\u200D🔥',
  '\u202E',
  ' ',
  '*',
  '`',
];
const halved = [...whole, '\ud83d', '\ude00'];

/** The same for a seed whenever it runs. */
function textsFrom(seed: number, pieces: readonly string[]): (length: number) => string {
  let state = seed;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  return (length) => {
    let text = '';
    while (text.length < length) text += pieces[next() % pieces.length]!;
    return text;
  };
}

function jobsOf(text: (length: number) => string): readonly Job[] {
  const said = text(300);
  const id = trainingId(text(60));
  const phases: readonly Phase[] = [
    { state: 'draft' },
    { state: 'asking', intent, candidates: [id, id] },
    {
      state: 'training',
      trainingId: id,
      stage: text(99),
      stageAt: 0,
      log: [said, text(99)],
      misses: 0,
      cancelRefused: said,
    },
    { state: 'ready', trainingId: id, usage: said },
    { state: 'failed', failure: { kind: 'training-failed', said }, log: [said] },
    { state: 'failed', failure: { kind: 'no-hand-over', why: text(200) } },
  ];
  const order = { ...aJob('draft').order, name: text(38), baseModel: text(90), negativePrompt: text(900) };
  const leftOut = [{ names: [text(80), fileName(text(300))], count: 9, reason: 'no picture' }];
  return phases.map((phase) => aJob(phase.state, { id: jobId('abcdefghjk'), phase, order, leftOut }));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

describe.each(Array.from({ length: 40 }, (_, index) => index + 1))('with letters of many units, seed %i', (seed) => {
  it('no message of ours breaks one', () => {
    const text = textsFrom(seed, whole);
    const verdict = { kind: 'warning', reason: 'small' } as const;
    const photos = photosWith(verdict, verdict, verdict).map((photo) => ({ ...photo, name: text(20 + seed) }));
    const review = aReview({ photos });
    const draft = aJob('draft', { order: { ...aJob('draft').order, name: text(38) } });
    for (const job of jobsOf(text)) {
      const sheet = { content: sheetText(job, review), components: [] };
      const panels = photos.map((photo) => photoPanel({ job: draft, photos, photo, isCropping: true }));
      const news = dueNews(job, review);
      const bodies = [cardOf(job, review), ...(news ? [news.body] : []), sheet, ...panels];
      expect(textsIn([bodies, stateLabel(job)]).filter((one) => !one.isWellFormed())).toEqual([]);
      expect(bodies.flatMap(problemsOfMessage)).toEqual([]);
    }
  });

  it('what is cleaned or cut has whole ones only, also where it had halves', () => {
    const text = textsFrom(seed, halved);
    const cleaned = [
      mendedName(text(60)),
      fileName(text(300)),
      visible(text(99)),
      codeBlock(text(3000)),
      shorten(text(99), seed),
    ];
    expect(cleaned.filter((one) => !one.isWellFormed())).toEqual([]);
  });
});
