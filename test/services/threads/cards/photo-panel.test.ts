import { ComponentType, type APIButtonComponentWithCustomId } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { PhotoView } from '../../../../src/services/jobs/desk/photo-adjustments.ts';
import type { Adjustment } from '../../../../src/services/jobs/state/job.ts';
import type { Verdict } from '../../../../src/services/photos/photo.ts';
import { panelPicture, photoPanel } from '../../../../src/services/threads/cards/photo-panel.ts';
import { aJob, jobId } from '../../jobs/job-builder.ts';
import { customIdsOf, problemsOfMessage } from './discord-rules.ts';
import { good, photosWith, refused, textIn, warning } from './review-builder.ts';

/** Room to the right, none above and below. */
const scene = { width: 2048, height: 1024, chosen: { left: 0, top: 0, side: 1024 } };

function aView(change: Partial<PhotoView> = {}, adjustment?: Adjustment): PhotoView {
  const photos = photosWith(good, warning, good).map((photo) => ({ ...photo, cropName: 'attention-1024', scene }));
  const job = aJob('draft', adjustment ? { adjusted: { 1: adjustment } } : {});
  return { job, photos, photo: (change.photos ?? photos)[0]!, isCropping: false, ...change };
}

function buttonsOf(view: PhotoView): APIButtonComponentWithCustomId[] {
  const all = photoPanel(view).components.flatMap(({ components }) => components);
  return all.flatMap((one) => (one.type === ComponentType.Button && 'custom_id' in one ? [one] : []));
}
const pressable = (view: PhotoView) => buttonsOf(view).flatMap(({ disabled, label }) => (disabled ? [] : [label]));
const framed = (dx: number, dy: number, zoomOut: number): Adjustment => ({
  framing: { strategy: 'attention', dx, dy, zoomOut },
});
const leftOut = { ...photosWith({ kind: 'refused', reason: 'left out by you' })[0]!, scene, isExcluded: true } as const;

describe('the panel of a photo', () => {
  it('says which photo it is, what is to be said about it, and how it is cut', () => {
    const view = aView();
    expect(photoPanel(view).content).toMatch(
      /^\*\*Photo 1 of 3\*\* \(IMG\\_1\.jpg\)\n✓ good\nCropped as the order says/,
    );
    expect(photoPanel({ ...view, photo: view.photos[1]! }).content).toContain('! used, but: very dark');
    expect(photoPanel(aView({}, framed(-2, 1, 3))).content).toContain('2 to the left, 1 down, 3 zoomed out');
  });

  it('shows the stored crop, under a name that changes with it', () => {
    const view = aView();
    expect(panelPicture(view)).toMatchObject({ name: 'photo-1-attention-1024.jpg', data: view.photo.thumbnail });
  });

  it('lets only those buttons be pressed that would change something', () => {
    expect(pressable(aView())).toEqual(['▶ Right', 'Zoom out', 'Exclude', 'Next']);
    expect(pressable(aView({}, framed(1, 0, 0)))).toEqual([
      '◀ Left',
      '▶ Right',
      'Zoom out',
      'Reset',
      'Exclude',
      'Next',
    ]);
    expect(pressable(aView({}, framed(10, 0, 0)))).not.toContain('▶ Right');
    expect(pressable(aView({}, framed(0, 0, 5)))).not.toContain('Zoom out');
    expect(pressable(aView({}, framed(0, 0, 5)))).toEqual(expect.arrayContaining(['▲ Up', '▼ Down', 'Zoom in']));
  });

  it('turns over to the photos beside it', () => {
    const view = aView();
    const last = { ...view, photo: view.photos[2]! };
    expect(pressable(last)).toContain('Previous');
    expect(pressable(last)).not.toContain('Next');
    expect(buttonsOf(last).find(({ label }) => label === 'Previous')?.custom_id).toBe('photo:job1:2');
  });

  it('offers to take a photo in again that was left out, and nothing else', () => {
    const view = aView({ photos: [leftOut], photo: leftOut }, { isExcluded: true });
    expect(pressable(view)).toEqual(['Include']);
    expect(photoPanel(view).content).toContain('✕ left out by you: press Include to take it in again');
  });

  it('has no picture and no buttons for a photo that could not be read, but its reason', () => {
    const { thumbnail: _unread, ...unread } = photosWith(refused)[0]!;
    const view = aView({ photos: [unread], photo: unread });
    expect(panelPicture(view)).toBeUndefined();
    expect(pressable(view)).toEqual([]);
    expect(photoPanel(view).content).toContain('✕ left out: the same file as photo 1');
  });

  it('offers a look later while the crop is still being cut', () => {
    const view = aView({ isCropping: true }, framed(1, 0, 0));
    expect(photoPanel(view).content).toMatch(/still being cut. Press Refresh/);
    expect(buttonsOf(view).find(({ label }) => label === 'Refresh')?.custom_id).toBe('photo:job1:1');
  });

  it('is taken by Discord with thirty photos, the longest names and reasons, and ids that hold all that is needed', () => {
    const verdict: Verdict = { kind: 'warning', reason: '*'.repeat(400) };
    const photos = photosWith(...Array<Verdict>(30).fill(verdict)).map((one) => ({
      ...one,
      name: '_'.repeat(255),
      scene,
    }));
    for (const photo of photos) {
      const job = aJob('draft', { id: jobId('abcdefghjk'), adjusted: { [photo.position]: framed(-40, 40, 5) } });
      const body = photoPanel({ job, photos, photo, isCropping: true });
      expect(problemsOfMessage(body)).toEqual([]);
      const ids = customIdsOf(body);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('lists the photos by the numbers on the sheet, in menus of 25', () => {
    const photos = photosWith(...Array<Verdict>(30).fill(good));
    const text = textIn(photoPanel(aView({ photos, photo: photos[0]! })));
    expect(text).toContain('Previous');
    const menus = photoPanel(aView({ photos, photo: photos[28]! }))
      .components.slice(3)
      .flatMap((row) => row.components);
    const chosen = menus.flatMap((one) => ('options' in one ? one.options : [])).filter((one) => one.default);
    expect(menus).toHaveLength(2);
    expect(chosen).toMatchObject([{ label: 'Photo 29', value: '29' }]);
  });
});
