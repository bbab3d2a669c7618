import { describe, expect, it } from 'vitest';
import { adjustPhotos } from '../../src/commands/adjust-photos.ts';
import { answerIn } from './fake-interaction.ts';
import { use } from './use-handler.ts';

describe('Adjust photos', () => {
  it('answers with the first photo, to nobody but who pressed', async () => {
    const { interaction, ways } = await use(adjustPhotos.buttons?.adjust, 'adjust:job1');
    expect(ways).toEqual(['deferReply', 'editReply']);
    expect(interaction.ephemeral).toBe(true);
    expect(answerIn(interaction)).toContain('Photo 1 of 7');
    expect(interaction.answers.at(-1)?.body).toMatchObject({ files: [{ name: 'photo-1-crop.jpg' }], attachments: [] });
  });

  it('shows another photo in the place of the one before, by a button or from the menu', async () => {
    const turned = await use(adjustPhotos.buttons?.photo, 'photo:job1:3');
    expect(turned.ways).toEqual(['deferUpdate', 'editReply']);
    expect(answerIn(turned.interaction)).toContain('Photo 3 of 7');
    const chosen = await use(adjustPhotos.selects?.photo, 'photo:job1:menu-0', { chosen: { values: ['6'] } });
    expect(answerIn(chosen.interaction)).toContain('Photo 6 of 7');
  });

  it('stores the edit of the photo, and shows it', async () => {
    const { calls, interaction, ways } = await use(adjustPhotos.buttons?.frame, 'frame:job1:4:left');
    expect(calls).toEqual(['desk.adjustPhoto job1 {"position":4,"edit":"left"}']);
    expect(ways).toEqual(['deferUpdate', 'editReply']);
    expect(answerIn(interaction)).toContain('Photo 4 of 7');
  });

  it('changes nothing for a wish of another version', async () => {
    const { calls, interaction } = await use(adjustPhotos.buttons?.frame, 'frame:job1:4:turn');
    expect(calls).toEqual([]);
    expect(answerIn(interaction)).toContain('Photo 4 of 7');
  });
});
