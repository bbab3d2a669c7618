import { RESTJSONErrorCodes } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelId, MessageId } from '../../../src/lib/ids.ts';
import { silentLog } from '../../../src/lib/logger.ts';
import type { Review } from '../../../src/services/jobs/review/review.ts';
import type { Job, Told } from '../../../src/services/jobs/state/job.ts';
import type { Announcer } from '../../../src/services/jobs/worker/announcer.ts';
import type { Darkroom } from '../../../src/services/photos/photo.ts';
import { createThreadAnnouncer } from '../../../src/services/threads/thread-announcer.ts';
import { aJob, channelId, minute, noon, order, ownerId, phases } from '../jobs/job-builder.ts';
import { aReview, textIn } from './cards/review-builder.ts';
import { createFakeMessages, directChannel, discordError, type FakeMessages, type Posted } from './fake-messages.ts';

const threadId = 'thread1' as ChannelId;
const signal = new AbortController().signal;

let now: number;
let sheetsDrawn: number;
let warned: string[];
let messages: FakeMessages;
let announcer: Announcer;
const drawSheet: Darkroom['contactSheet'] = async () => {
  sheetsDrawn += 1;
  return Promise.resolve(Buffer.from('sheet'));
};

/** As it is stored. */
let told: Told;

beforeEach(() => {
  now = noon;
  sheetsDrawn = 0;
  warned = [];
  messages = createFakeMessages();
  told = { place: 'thread', threadId, cropIds: [], news: [], failures: 0 };
  announcer = createThreadAnnouncer({
    messages,
    darkroom: { for: () => ({ contactSheet: drawSheet }) as Partial<Darkroom> as Darkroom },
    clock: { now: () => now, steady: () => now, sleep: async () => Promise.resolve() },
    log: { ...silentLog, warn: (_fields: object, text: string) => warned.push(text) },
  });
});

const mark = async (change: Partial<Told>) => {
  told = { ...told, ...change };
  return Promise.resolve();
};

/** Tells the job as the poller does, with what is stored. */
async function tell(job: Job, review: Review = aReview()): Promise<void> {
  await announcer.tell({ ...job, told }, review, mark, signal);
}

function stage(stage: string): Job {
  return aJob('training', { phase: { ...phases.training, stage } });
}

function textOf({ versions }: Posted): string {
  return textIn(versions.at(-1)!.body);
}

const croppedAs = (cropName: string) => aReview().photos.map((photo) => ({ ...photo, cropName }));

const pending: Job['pending'] = [{ position: 8, url: 'https://cdn.example/a.jpg', name: 'a.jpg', sizeBytes: 1 }];

describe('a draft', () => {
  it('shows nothing before its thread is open', async () => {
    const { threadId: _none, ...homeless } = told;
    told = homeless;
    await tell(aJob('draft'));
    expect(messages.posted).toEqual([]);
  });

  it('shows the sheet, which brings the owner into the thread, and the card under it', async () => {
    await tell(aJob('draft'));
    const [sheet, card] = messages.shown(threadId);
    expect(sheet!.versions[0]).toMatchObject({ mentions: ownerId, files: [{ contentType: 'image/jpeg' }] });
    expect(sheet!.versions[0]!.files![0]!.altText).toMatch(/^Contact sheet of 7 crops/);
    expect(textOf(card!)).toContain('Train “Ambika”');
    expect(told).toMatchObject({ sheetId: sheet!.id, cardId: card!.id, cardAt: noon });
  });

  it('shows no card and draws nothing while the first photos are looked at', async () => {
    await tell(aJob('draft', { pending }), aReview({ photos: [] }));
    expect(messages.shown().map(textOf)).toEqual([expect.stringContaining('Looking at 1 photo')]);
    expect(sheetsDrawn).toBe(0);
  });

  it('keeps the picture from before while photos that were added are looked at', async () => {
    await tell(aJob('draft'));
    await tell(aJob('draft', { pending }));
    const [sheet] = messages.shown();
    expect(textOf(sheet!)).toContain('Looking at 8 photos');
    expect(sheet!.versions.at(-1)).not.toHaveProperty('files');
  });

  it('takes the picture away with the last photo', async () => {
    await tell(aJob('draft'));
    await tell(aJob('draft', { orderRev: 4 }), aReview({ photos: [] }));
    expect(messages.shown()[0]!.versions.at(-1)!.files).toEqual([]);
  });

  it('draws the sheet again only when it would show something else', async () => {
    await tell(aJob('draft'));
    await tell(aJob('draft', { orderRev: 4, order: { ...order, seed: 7 } }));
    expect(sheetsDrawn).toBe(1);
    await tell(aJob('draft', { orderRev: 5 }), aReview({ photos: croppedAs('attention-1024-r1') }));
    expect(sheetsDrawn).toBe(2);
    expect(messages.posted).toHaveLength(2);
  });

  it('shows the crops that are sent on the sheet: it stays while others are cut, and is drawn when they are', async () => {
    await tell(aJob('draft'), aReview({ photos: croppedAs('attention-1024') }));
    const centred = { order: { ...order, crop: 'centre' as const } };
    await tell(aJob('draft', { orderRev: 4, ...centred }), aReview({ photos: croppedAs('attention-1024') }));
    expect(sheetsDrawn).toBe(1);
    const cut = aJob('draft', { orderRev: 5, cropped: 'centre-1024', ...centred });
    await tell(cut, aReview({ photos: croppedAs('centre-1024') }));
    expect(sheetsDrawn).toBe(2);
  });
});

describe('the card', () => {
  it('is edited when its text changes, and only then', async () => {
    await tell(stage('deploying_gpu'));
    await tell(stage('deploying_gpu'));
    await tell(stage('training_started'));
    const [card] = messages.posted;
    expect(messages.posted).toHaveLength(1);
    expect(card!.versions).toHaveLength(2);
    expect(textOf(card!)).toContain('▶ **Training**');
  });

  it('is posted anew before it is an hour old, since Discord limits edits from then on, and the old one goes', async () => {
    await tell(stage('deploying_gpu'));
    const [old] = messages.posted;
    now += 56 * minute;
    await tell(stage('training_started'));
    const [card] = messages.shown();
    expect(old!.isDeleted).toBe(true);
    expect(messages.shown()).toHaveLength(1);
    expect(told).toMatchObject({ cardId: card!.id, cardAt: now });
  });

  it('is posted anew where Discord bears no more edits of old messages, and the old one goes', async () => {
    await tell(stage('deploying_gpu'));
    messages.limitEdits(threadId);
    await tell(stage('training_started'));
    expect(messages.shown().map(textOf)).toEqual([expect.stringContaining('▶ **Training**')]);
    expect(messages.posted[0]!.isDeleted).toBe(true);
  });

  it('stays the same for as long as nothing changes, however old it is', async () => {
    await tell(stage('deploying_gpu'));
    now += 300 * minute;
    await tell(stage('deploying_gpu'));
    expect(messages.posted).toHaveLength(1);
  });

  it('is posted anew when somebody deleted it', async () => {
    await tell(stage('deploying_gpu'));
    messages.posted[0]!.isDeleted = true;
    await tell(stage('training_started'));
    expect(messages.shown().map(textOf)).toEqual([expect.stringContaining('▶ **Training**')]);
  });

  it('is posted anew as often as it is deleted, even when it shows the same as before', async () => {
    await tell(stage('training_started'));
    for (const next of ['training_success', 'training_started', 'training_success']) {
      messages.shown()[0]!.isDeleted = true;
      await tell(stage(next));
      expect(messages.shown()).toHaveLength(1);
    }
  });

  it('wakes an archived thread with a new one, since there nothing can be edited', async () => {
    await tell(stage('deploying_gpu'));
    messages.archive(threadId);
    await tell(stage('training_started'));
    expect(messages.shown().map(textOf)).toEqual([expect.stringContaining('▶ **Training**')]);
    await tell(stage('training_success'));
    expect(messages.posted).toHaveLength(2);
  });
});

describe('news', () => {
  it('are a message of their own that notifies the owner, once', async () => {
    await tell(aJob('ready'));
    await tell(aJob('ready'));
    const ends = messages.shown().filter((one) => textOf(one).includes('is ready.'));
    expect(ends.map(({ versions }) => versions[0]!.mentions)).toEqual([ownerId]);
    expect(told.news).toHaveLength(1);
  });

  it('of another round of the same job are another message', async () => {
    await tell(aJob('failed'));
    told = { ...told, news: [] };
    await tell(aJob('failed', { orderRev: 4 }));
    expect(messages.shown().filter(({ versions }) => versions[0]!.mentions)).toHaveLength(2);
  });
});

it('tells that a model is ready even when Discord refuses the address of its sample picture', async () => {
  const sampleUrl = 'https://provider.example/sample.png';
  messages.refusePictures();
  await tell(aJob('ready', { phase: { ...phases.ready, sampleUrl } }));
  const end = messages.shown().at(-1)!;
  expect(textOf(end)).toContain('is ready.');
  expect(end.versions[0]!.body.embeds?.[0]).not.toHaveProperty('image');
});

describe('when something is lost on the way', () => {
  it('repeats nothing that Discord has already, because the nonce is the same', async () => {
    messages.loseNextReply();
    await expect(tell(aJob('ready'))).rejects.toThrow('socket hang up');
    await tell(aJob('ready'));
    expect(messages.shown()).toHaveLength(2);
  });

  it('marks after each post, so that a crash between two repeats at most one', async () => {
    const crash = async (change: Partial<Told>) => {
      if (change.news) throw new Error('killed');
      return mark(change);
    };
    await expect(announcer.tell({ ...aJob('ready'), told }, aReview(), crash, signal)).rejects.toThrow('killed');
    expect(told).toMatchObject({ cardId: messages.posted[0]!.id, news: [] });
    await tell(aJob('ready'));
    expect(messages.posted).toHaveLength(2);
    expect(messages.posted[0]!.versions).toHaveLength(1);
  });

  it('gives every message of a job a nonce of its own, no longer than Discord takes', async () => {
    await tell(aJob('draft'));
    await tell(stage('deploying_gpu'));
    await tell(aJob('ready'));
    const nonces = messages.posted.map(({ versions }) => versions[0]!.nonce!);
    expect(new Set(nonces).size).toBe(nonces.length);
    expect(Math.max(...nonces.map(({ length }) => length))).toBeLessThanOrEqual(25);
  });

  it('rejects when Discord fails otherwise, and stays in its place', async () => {
    messages.refuse(threadId, 0);
    await expect(tell(aJob('ready'))).rejects.toThrow('refused with 0');
    expect(told.place).toBe('thread');
  });
});

describe('a refusal of Discord’s that judges nothing', () => {
  const forbidden = () => Promise.reject(discordError(0, 403));

  it('is told apart, so that what it kept waiting goes on when Discord is back, in its place', async () => {
    messages.send = forbidden;
    told = { ...told, failures: 9 };
    await expect(tell(aJob('ready'))).rejects.toMatchObject({ name: 'UndeliveredError' });
    const crops = [{ name: 'a.png', png: Buffer.from('a') }];
    const posted = announcer.postCrops({ ...aJob('queued'), told }, crops, signal);
    await expect(posted).rejects.toMatchObject({ name: 'UndeliveredError' });
    expect(told.place).toBe('thread');
  });

  it('of a limit names the time that is left', async () => {
    messages.limit(threadId, 20_000);
    await expect(tell(aJob('ready'))).rejects.toMatchObject({ name: 'UndeliveredError', retryAfterMs: 20_000 });
  });
});

describe('news that a place refuses for a reason that is not known', () => {
  it('goes to the next place after about a minute, and waits in the last one', async () => {
    for (const place of [threadId, channelId, directChannel(ownerId)]) messages.refuse(place, 20_009);
    told = { ...told, failures: 4 };
    await expect(tell(aJob('ready'))).rejects.toThrow('refused with 20009');
    expect(told.place).toBe('thread');
    told = { ...told, failures: 5 };
    await expect(tell(aJob('ready'))).rejects.toThrow('refused with 20009');
    expect(told.place).toBe('dm');
    messages.allow(directChannel(ownerId));
    await tell(aJob('ready'));
    expect(messages.posted.map((one) => one.channelId)).toEqual([directChannel(ownerId)]);
  });

  it('leaves a card where it is', async () => {
    messages.refuse(threadId, 20_009);
    told = { ...told, failures: 9 };
    await expect(tell(stage('training_started'))).rejects.toThrow('refused with 20009');
    expect(told.place).toBe('thread');
  });
});

describe('a draft whose thread takes no message', () => {
  const refusals = [
    ['deleted', RESTJSONErrorCodes.UnknownChannel],
    ['locked', RESTJSONErrorCodes.ThreadLocked],
    ['archived', RESTJSONErrorCodes.InvalidActionOnArchivedThread],
    ['closed to the bot', RESTJSONErrorCodes.MissingPermissions],
    ['under a filter', RESTJSONErrorCodes.MessageWasBlockedByAutomaticModeration],
  ] as const;

  it.each(refusals)('is told once in the channel when it is %s, and is tried again', async (_what, code) => {
    messages.refuse(threadId, code);
    for (let looks = 0; looks < 3; looks += 1) await expect(tell(aJob('draft'))).rejects.toMatchObject({ code });
    expect(messages.posted.map((one) => one.channelId)).toEqual([channelId]);
    expect(textOf(messages.posted[0]!)).toMatch(/<@.*I cannot show your order “Ambika”.*Nothing was billed.*\/cancel/s);
    expect(told).toMatchObject({ place: 'thread', news: ['not-shown'] });
  });

  it.each([
    ['of explicit content', RESTJSONErrorCodes.ExplicitContentCannotBeSentToTheDesiredRecipient, /without the photos/],
    ['sending is switched off', RESTJSONErrorCodes.SendMessagesHasBeenTemporarilyDisabled, /refused with 40004.*try/s],
    ['of a title', RESTJSONErrorCodes.TitleWasBlockedByAutomaticModeration, /refused with 200001.*admin/s],
    ['of the form', RESTJSONErrorCodes.InvalidFormBodyOrContentType, /refused with 50035.*admin/s],
    ['of its size', RESTJSONErrorCodes.RequestEntityTooLarge, /refused with 40005.*admin/s],
    ['of nothing in particular', 0, /refused with 0.*admin/s],
  ])('is told once in the channel, whatever the reason: because %s', async (_what, code, words) => {
    messages.refuse(threadId, code);
    for (let looks = 0; looks < 3; looks += 1) await expect(tell(aJob('draft'))).rejects.toThrow();
    expect(messages.posted.map((one) => one.channelId)).toEqual([channelId]);
    expect(textOf(messages.posted[0]!)).toMatch(words);
  });

  it('is told with the time that is to be waited, when that is worth a message', async () => {
    messages.limit(threadId, 20_000);
    await expect(tell(aJob('draft'))).rejects.toThrow('left alone');
    expect(messages.posted).toEqual([]);
    messages.limit(threadId, 600_000);
    await expect(tell(aJob('draft'))).rejects.toThrow('left alone');
    expect(messages.shown(channelId).map(textOf)).toEqual([expect.stringContaining('again in 10 minutes')]);
  });

  it('is told later where no place takes it for now', async () => {
    for (const place of [threadId, channelId, directChannel(ownerId)]) messages.refuse(place, 40_004);
    await expect(tell(aJob('draft'))).rejects.toThrow();
    expect(told.news).toEqual([]);
    messages.allow(directChannel(ownerId));
    await expect(tell(aJob('draft'))).rejects.toThrow();
    expect(messages.posted.map((one) => one.channelId)).toEqual([directChannel(ownerId)]);
  });

  it('shows there as soon as somebody has put that right, and would be told of once more', async () => {
    messages.refuse(threadId, RESTJSONErrorCodes.ThreadLocked);
    await expect(tell(aJob('draft'))).rejects.toThrow();
    messages.allow(threadId);
    await tell(aJob('draft'));
    expect(messages.shown(threadId)).toHaveLength(2);
    expect(told).toMatchObject({ place: 'thread', news: [] });
  });

  it('shows there also when an older version had left the thread for good', async () => {
    told = { ...told, place: 'channel' };
    await tell(aJob('draft'));
    expect(messages.shown(threadId)).toHaveLength(2);
    expect(told.place).toBe('thread');
  });

  it.each([
    ['the channel takes none either', false],
    ['what was told in a private thread is nothing for the channel', true],
  ])('is told to its owner directly where %s', async (_why, isPrivate) => {
    told = { ...told, isPrivate };
    messages.refuse(threadId, RESTJSONErrorCodes.UnknownChannel);
    if (!isPrivate) messages.refuse(channelId, RESTJSONErrorCodes.MissingPermissions);
    await expect(tell(aJob('draft'))).rejects.toThrow();
    expect(messages.posted.map((one) => one.channelId)).toEqual([directChannel(ownerId)]);
  });

  it('is not told twice where nobody can be told', async () => {
    for (const place of [threadId, channelId, directChannel(ownerId)])
      messages.refuse(place, RESTJSONErrorCodes.MissingAccess);
    await expect(tell(aJob('draft'))).rejects.toThrow();
    expect(told.news).toEqual(['not-shown']);
    expect(messages.posted).toEqual([]);
  });
});

describe('when its place is gone', () => {
  const gone = [
    ['deleted', RESTJSONErrorCodes.UnknownChannel],
    ['not to be seen', RESTJSONErrorCodes.MissingAccess],
    ['not to be written in', RESTJSONErrorCodes.MissingPermissions],
    ['locked', RESTJSONErrorCodes.ThreadLocked],
  ] as const;

  it.each(gone)('tells the news in the channel when the thread is %s, and stays there', async (_what, code) => {
    messages.refuse(threadId, code);
    await tell(aJob('ready'));
    expect(messages.shown(channelId).map(textOf)).toEqual([expect.stringContaining('is ready.')]);
    expect(told.place).toBe('channel');
    expect(warned).toHaveLength(1);
  });

  it('shows no card and no sheet elsewhere than in the thread', async () => {
    messages.refuse(threadId, RESTJSONErrorCodes.UnknownChannel);
    await tell(stage('training_started'));
    expect(messages.posted).toEqual([]);
  });

  it('tells nothing of a private thread in the whole channel, but writes to the owner', async () => {
    told = { ...told, isPrivate: true };
    messages.refuse(threadId, RESTJSONErrorCodes.UnknownChannel);
    await tell(aJob('ready'));
    expect(messages.shown(channelId)).toEqual([]);
    expect(messages.shown(directChannel(ownerId))).toHaveLength(1);
  });

  it('writes to the owner when the channel is gone too', async () => {
    messages.refuse(threadId, RESTJSONErrorCodes.UnknownChannel);
    messages.refuse(channelId, RESTJSONErrorCodes.MissingPermissions);
    await tell(aJob('ready'));
    expect(messages.shown(directChannel(ownerId))).toHaveLength(1);
    expect(told).toMatchObject({ place: 'dm', news: [expect.stringMatching(/^end/)] });
  });

  it('has no buttons in a direct message, where they could not work, and says where they do', async () => {
    told = { ...told, place: 'dm' };
    await tell(aJob('asking'));
    const [question] = messages.shown(directChannel(ownerId));
    expect(question!.versions[0]!.body.components).toEqual([]);
    expect(textOf(question!)).toContain('Use /status in the server');
  });

  it.each([
    ['takes no messages', RESTJSONErrorCodes.CannotSendMessagesToThisUser],
    ['has left the server', RESTJSONErrorCodes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds],
  ])('gives up when the owner %s, and asks Discord no more', async (_why, code) => {
    messages.refuse(threadId, RESTJSONErrorCodes.UnknownChannel);
    messages.refuse(channelId, RESTJSONErrorCodes.MissingPermissions);
    messages.refuse(directChannel(ownerId), code);
    await tell(aJob('ready'));
    expect(told.place).toBe('nowhere');
    expect(warned).toHaveLength(3);
    expect(warned[2]).toContain('only /status tells it');
    await tell(aJob('ready'));
    expect(warned).toHaveLength(3);
  });
});

describe('crops for the provider', () => {
  const crops = ['01-attention-1024.png', '02-attention-1024.png'].map((name) => ({ name, png: Buffer.from(name) }));

  it('are posted in the thread, and their links given by name', async () => {
    const { messageId, links } = await announcer.postCrops({ ...aJob('queued'), told }, crops, signal);
    expect(messages.shown(threadId).map(({ id }) => id)).toEqual([messageId]);
    expect([...links]).toEqual(crops.map(({ name }) => [name, `https://cdn.example/${messageId}/${name}`]));
    const altTexts = messages.posted[0]!.versions[0]!.files!.map(({ altText }) => altText);
    expect(altTexts).toEqual(crops.map(({ name }) => `One of the crops that are sent, ${name}`));
  });

  it('get fresh links from the messages that are still there', async () => {
    const job = { ...aJob('queued'), told };
    const first = await announcer.postCrops(job, crops.slice(0, 1), signal);
    const second = await announcer.postCrops(job, crops.slice(1), signal);
    messages.posted[0]!.isDeleted = true;
    const cropIds = [first.messageId, second.messageId, 'never-there' as MessageId];
    const links = await announcer.cropLinks({ ...job, told: { ...told, cropIds } }, signal);
    expect([...links.keys()]).toEqual(['02-attention-1024.png']);
  });

  it('cannot be posted for a job without a thread', async () => {
    const { threadId: _none, ...homeless } = told;
    await expect(announcer.postCrops({ ...aJob('queued'), told: homeless }, crops, signal)).rejects.toThrow(
      /no thread/,
    );
  });
});
