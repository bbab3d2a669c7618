import { ChannelType, PermissionsBitField, RESTJSONErrorCodes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/lib/errors.ts';
import { invitePermissions } from '../../../src/services/threads/permissions.ts';
import type { PlaceChannel } from '../../../src/services/threads/site.ts';
import { createThreads, type Place } from '../../../src/services/threads/threads.ts';
import { createFakeRest } from './rest/fake-rest.ts';

interface Answer {
  readonly status?: number;
  readonly json?: unknown;
}

const text = { id: '123456789012345678', type: ChannelType.GuildText };
const news = { id: 'news1', type: ChannelType.GuildAnnouncement };
const forum = { id: 'forum1', type: ChannelType.GuildForum };
const media = { id: 'media1', type: ChannelType.GuildMedia };
const category = { id: 'category1', type: ChannelType.GuildCategory };
const postIn = (parent: PlaceChannel) => ({ id: 'post1', type: ChannelType.PublicThread, parent });
const allowed = new PermissionsBitField(invitePermissions);

const threadsThat = (answer: Answer = { json: { id: 'thread1' } }, ...later: readonly Answer[]) => {
  const answers = [answer, ...later];
  const { rest, calls } = createFakeRest(() => answers.shift() ?? answer);
  return { threads: createThreads(rest), calls };
};
const check = (channel: Place['channel'], appPermissions = allowed, kind: 'public' | 'private' = 'public') =>
  threadsThat().threads.check({ channel, appPermissions }, kind);

describe('where a thread can be opened', () => {
  it('is a text channel or one for announcements, in a category or not', () => {
    expect(check(text)).toBe(text.id);
    expect(check({ ...text, parent: category })).toBe(text.id);
    expect(check({ ...news, parent: category })).toBe('news1');
  });

  it('is, from within a thread, the channel that this hangs from', () => {
    expect(check({ id: 'thread1', type: ChannelType.PublicThread, parent: text })).toBe(text.id);
    expect(check({ id: 'thread1', type: ChannelType.PrivateThread, parent: text })).toBe(text.id);
    expect(check({ id: 'thread1', type: ChannelType.AnnouncementThread, parent: news })).toBe('news1');
  });

  it('is a post of a forum, which is a thread already', () => {
    expect(check(postIn(forum))).toBe('forum1');
    expect(check(postIn(media))).toBe('media1');
  });

  it.each([
    ['a voice channel', { id: 'voice1', type: ChannelType.GuildVoice }, /chat of a voice channel cannot/],
    ['a stage', { id: 'stage1', type: ChannelType.GuildStageVoice }, /chat of a stage cannot/],
    ['a forum itself', forum, /this channel cannot/],
    ['a channel that is not known', null, /I cannot see the channel that we are in/],
    [
      'a thread of a channel that is not known',
      { id: 'thread1', type: ChannelType.PrivateThread, parent: null },
      /I cannot see the channel that this thread belongs to/,
    ],
  ])('is not %s, and the text says why and where instead', (_what, channel, why) => {
    expect(() => check(channel)).toThrow(UserError);
    expect(() => check(channel)).toThrow(why);
    expect(() => check(channel)).toThrow(/Use the command in a text channel/);
  });

  it.each([
    ['an announcement channel', news],
    ['a forum', postIn(forum)],
  ])('is not %s where trainings are private, and the text says who can change that', (where, channel) => {
    expect(() => check(channel, allowed, 'private')).toThrow(new RegExp(`${where} cannot have those.*/config privacy`));
  });

  it('needs no permission to open one in a post, nor to write beside it', () => {
    const held = new PermissionsBitField(invitePermissions);
    held.remove('CreatePublicThreads', 'SendMessages');
    expect(check(postIn(forum), held)).toBe('forum1');
    held.remove('SendMessagesInThreads');
    expect(() => check(postIn(forum), held)).toThrow(/give me \*\*Send Messages in Threads\*\* here/);
    expect(() => check(news, held)).toThrow(/\*\*Create Public Threads\*\*/);
  });

  it('is nowhere without the permissions, and the text names each', () => {
    const held = new PermissionsBitField(invitePermissions);
    held.remove('AttachFiles', 'CreatePublicThreads');
    expect(() => check(text, held)).toThrow(/\*\*Attach Files\*\*, \*\*Create Public Threads\*\* here/);
  });
});

describe('opening a thread', () => {
  it('opens a public one that stays open for three days without a message', async () => {
    const { threads, calls } = threadsThat();
    expect(await threads.open({ channel: text, name: 'Ambika', kind: 'public' })).toEqual({ threadId: 'thread1' });
    expect(calls).toMatchObject([
      {
        method: 'POST',
        path: `/channels/${text.id}/threads`,
        body: { name: 'Ambika', type: 11, auto_archive_duration: 4320 },
      },
    ]);
  });

  it('opens a private one that members cannot bring others into', async () => {
    const { threads, calls } = threadsThat();
    await threads.open({ channel: text, name: 'Ambika', kind: 'private' });
    expect(calls[0]!.body).toMatchObject({ type: 12, invitable: false });
  });

  it('says what to do where the server has as many threads as Discord allows', async () => {
    const full = { status: 400, json: { code: RESTJSONErrorCodes.MaximumActiveThreads, message: 'full' } };
    const opening = threadsThat(full).threads.open({ channel: text, name: 'Ambika', kind: 'public' });
    await expect(opening).rejects.toThrow(/Ask an admin to close some/);
  });

  it('rejects with Discord’s own error otherwise', async () => {
    const refused = { status: 403, json: { code: RESTJSONErrorCodes.MissingAccess, message: 'Missing Access' } };
    const opening = threadsThat(refused).threads.open({ channel: text, name: 'Ambika', kind: 'public' });
    await expect(opening).rejects.toMatchObject({ code: RESTJSONErrorCodes.MissingAccess });
  });

  it('opens one of the kind that an announcement channel has', async () => {
    const { threads, calls } = threadsThat();
    const channel = { ...news, id: '123456789012345679' };
    await threads.open({ channel, name: 'Ambika', kind: 'public' });
    expect(calls[0]!.body).toMatchObject({ type: 10 });
  });

  it('opens none in a post, which is the thread', async () => {
    const { threads, calls } = threadsThat();
    expect(await threads.open({ channel: postIn(forum), name: 'Ambika', kind: 'public' })).toEqual({
      threadId: 'post1',
    });
    expect(calls).toEqual([]);
  });

  const bad = (code: number, errors?: object) => ({
    status: 400,
    json: { code, message: 'no', ...(errors && { errors }) },
  });
  const words = { name: { _errors: [{ code: 'CONTAINS_WORDS', message: 'Contains words not allowed' }] } };

  it.each([
    ['a word that server discovery does not allow', bad(50_035, words)],
    ['AutoMod', bad(200_000)],
    ['AutoMod for titles', bad(200_001)],
    ['the filter for links', bad(240_000)],
  ])('takes a name that says nothing when Discord refuses the one that was wanted: %s', async (_why, refused) => {
    const { threads, calls } = threadsThat(refused, { json: { id: 'thread2' } });
    const opened = await threads.open({ channel: text, name: 'Bad word', kind: 'public' });
    expect(opened).toEqual({ threadId: 'thread2', otherName: expect.stringMatching(/^Training \d{4}$/) as string });
    expect(calls.map(({ body }) => (body as { name: string }).name)).toEqual(['Bad word', opened.otherName]);
  });

  it('says who can help when every name is refused, and tries no third', async () => {
    const { threads, calls } = threadsThat(bad(50_035, words));
    await expect(threads.open({ channel: text, name: 'Bad word', kind: 'public' })).rejects.toThrow(/AutoMod/);
    expect(calls).toHaveLength(2);
  });

  it('does not take another name for a remedy when something else is wrong with the body', async () => {
    const { threads, calls } = threadsThat(bad(50_035, { type: { _errors: [] } }));
    await expect(threads.open({ channel: text, name: 'Ambika', kind: 'public' })).rejects.toMatchObject({
      code: 50_035,
    });
    expect(calls).toHaveLength(1);
  });
});
