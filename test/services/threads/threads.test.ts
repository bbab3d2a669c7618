import { ChannelType, PermissionsBitField, RESTJSONErrorCodes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/lib/errors.ts';
import type { ChannelId } from '../../../src/lib/ids.ts';
import { invitePermissions } from '../../../src/services/threads/permissions.ts';
import { createThreads, type Place } from '../../../src/services/threads/threads.ts';
import { createFakeRest } from './rest/fake-rest.ts';

const text = { id: 'text1', type: ChannelType.GuildText };
const forum = { id: 'forum1', type: ChannelType.GuildForum };
const category = { id: 'category1', type: ChannelType.GuildCategory };
const allowed = new PermissionsBitField(invitePermissions);
const channelId = '123456789012345678' as ChannelId;

const threadsThat = (answer: { status?: number; json?: unknown } = { json: { id: 'thread1' } }) => {
  const { rest, calls } = createFakeRest(() => answer);
  return { threads: createThreads(rest), calls };
};
const check = (channel: Place['channel'], appPermissions = allowed) =>
  threadsThat().threads.check({ channel, appPermissions }, 'public');

describe('where a thread can be opened', () => {
  it('is a text channel, in a category or not', () => {
    expect(check(text)).toBe('text1');
    expect(check({ ...text, parent: category })).toBe('text1');
  });

  it('is, from within a thread, the channel that this hangs from', () => {
    expect(check({ id: 'thread1', type: ChannelType.PublicThread, parent: text })).toBe('text1');
    expect(check({ id: 'thread1', type: ChannelType.PrivateThread, parent: text })).toBe('text1');
  });

  it.each([
    ['a post of a forum', { id: 'post1', type: ChannelType.PublicThread, parent: forum }],
    ['a voice channel', { id: 'voice1', type: ChannelType.GuildVoice }],
    ['a channel that is not known', null],
  ])('is not %s, and the text says where instead', (_what, channel) => {
    expect(() => check(channel)).toThrow(UserError);
    expect(() => check(channel)).toThrow(/Use the command in a text channel/);
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
    expect(await threads.open({ channelId, name: 'Ambika', kind: 'public' })).toBe('thread1');
    expect(calls).toMatchObject([
      {
        method: 'POST',
        path: `/channels/${channelId}/threads`,
        body: { name: 'Ambika', type: 11, auto_archive_duration: 4320 },
      },
    ]);
  });

  it('opens a private one that members cannot bring others into', async () => {
    const { threads, calls } = threadsThat();
    await threads.open({ channelId, name: 'Ambika', kind: 'private' });
    expect(calls[0]!.body).toMatchObject({ type: 12, invitable: false });
  });

  it('says what to do where the server has as many threads as Discord allows', async () => {
    const full = { status: 400, json: { code: RESTJSONErrorCodes.MaximumActiveThreads, message: 'full' } };
    const opening = threadsThat(full).threads.open({ channelId, name: 'Ambika', kind: 'public' });
    await expect(opening).rejects.toThrow(/Ask an admin to close some/);
  });

  it('rejects with Discord’s own error otherwise', async () => {
    const refused = { status: 403, json: { code: RESTJSONErrorCodes.MissingAccess, message: 'Missing Access' } };
    const opening = threadsThat(refused).threads.open({ channelId, name: 'Ambika', kind: 'public' });
    await expect(opening).rejects.toMatchObject({ code: RESTJSONErrorCodes.MissingAccess });
  });
});
