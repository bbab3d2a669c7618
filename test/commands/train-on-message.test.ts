import { describe, expect, it } from 'vitest';
import { trainOnMessage } from '../../src/commands/train-on-message.ts';
import { aJob } from '../services/jobs/job-builder.ts';
import { fakeInteraction } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

interface File {
  readonly name: string;
  readonly contentType: string | null;
}

/** What comes of using the command on a message with these files: the sources of the form that opens. */
async function useOn(files: readonly File[], forwarded: readonly File[] = []) {
  const attachments = (all: readonly File[]) =>
    new Map(all.map((file, index) => [String(index), { ...file, url: `https://cdn.example/${file.name}`, size: 1 }]));
  const targetMessage = {
    id: '1234567890123456789',
    author: { id: 'owner1' },
    attachments: attachments(files),
    messageSnapshots: new Map(forwarded.length === 0 ? [] : [['1', { attachments: attachments(forwarded) }]]),
    reference: null,
  };
  const services = fakeServices({ jobs: [aJob('draft')] });
  const interaction = Object.assign(fakeInteraction('message'), { targetMessage });
  await trainOnMessage.executeOnMessage!(interaction as never, services);
  const opened = services.calls.find((call) => call.startsWith('desk.openForm')) ?? '';
  return [...opened.matchAll(/"name":"([^"]+)","sizeBytes"/g)].map(([, name]) => name);
}

describe('the files of a message', () => {
  it.each<File>([
    { name: 'a.jpg', contentType: 'application/octet-stream' },
    { name: 'A.JPG', contentType: null },
    { name: 'photo', contentType: null },
    { name: 'photo', contentType: 'application/octet-stream' },
    { name: 'a.jpg', contentType: 'image/jpg' },
    { name: 'a.jpeg', contentType: 'text/plain' },
    { name: 'a.heif', contentType: 'video/mp4' },
    { name: 'a.zip', contentType: 'application/json' },
  ])('are photos by what is in them, which is seen later: $name as $contentType', async (file) => {
    expect(await useOn([file])).toEqual([file.name]);
    expect(await useOn([], [file])).toEqual([file.name]);
  });

  it('are all taken beside one that may be a photo, so that each is named that is none', async () => {
    const files = [
      { name: 'a.jpg', contentType: 'image/jpeg' },
      { name: 'clip.mp4', contentType: 'video/mp4' },
      { name: 'b.jpg', contentType: 'application/octet-stream' },
      { name: 'order.pdf', contentType: 'application/pdf' },
    ];
    expect(await useOn(files)).toEqual(['a.jpg', 'clip.mp4', 'b.jpg', 'order.pdf']);
  });

  it('are named where none of them can be a photo', async () => {
    const files = ['clip.mp4', 'b_b.mp4', '\u202Egpj.mp4', 'c.mp4'].map((name) => ({ name, contentType: 'video/mp4' }));
    await expect(useOn(files)).rejects.toThrow(
      'There are no pictures in this message (only clip.mp4, b\\_b.mp4, gpj.mp4 and 1 more).',
    );
    await expect(useOn([])).rejects.toThrow('There are no pictures in this message. Choose one with pictures');
  });
});
