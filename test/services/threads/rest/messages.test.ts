import { RESTJSONErrorCodes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { ChannelId, MemberId, MessageId } from '../../../../src/lib/ids.ts';
import { createMessages, digestOf, isDiscordError, nonceOf } from '../../../../src/services/threads/rest/messages.ts';
import { discordError } from '../fake-messages.ts';
import { createFakeRest } from './fake-rest.ts';

const channelId = '123456789012345678' as ChannelId;
const at = { channelId, messageId: '223456789012345678' as MessageId };
const path = `/channels/${channelId}/messages`;
const time = { now: 0 };
const clock = { steady: () => time.now };
const signal = new AbortController().signal;
const body = { content: 'hello' };

const answering = (status: number, json: unknown = {}) => {
  const { rest, calls } = createFakeRest(() => ({ status, json }));
  return { messages: createMessages(rest, clock), calls };
};
const unknownMessage = { code: RESTJSONErrorCodes.UnknownMessage, message: 'Unknown Message' };

describe('sending', () => {
  it('mentions nobody unless it is told whom, whatever the text says', async () => {
    const { messages, calls } = answering(200, { id: '1', attachments: [] });
    await messages.send(channelId, { body: { content: '@everyone' } }, signal);
    await messages.send(channelId, { body, mentions: 'm1' as MemberId }, signal);
    const mentions = calls.map((call) => (call.body as { allowed_mentions: unknown }).allowed_mentions);
    expect(mentions).toEqual([{ parse: [] }, { parse: [], users: ['m1'] }]);
  });

  it('asks Discord to enforce the nonce', async () => {
    const { messages, calls } = answering(200, { id: '1', attachments: [] });
    await messages.send(channelId, { body, nonce: 'n1' }, signal);
    expect(calls[0]).toMatchObject({ method: 'POST', path, body: { nonce: 'n1', enforce_nonce: true } });
  });

  it('uploads files with the texts that are read aloud for them', async () => {
    const { messages, calls } = answering(200, { id: '1', attachments: [] });
    const file = { name: 'a.png', data: Buffer.from('png'), contentType: 'image/png', altText: 'A crop' };
    await messages.send(channelId, { body, files: [file] }, signal);
    expect(calls[0]!.parts).toEqual(['files[0]', 'payload_json']);
    expect(calls[0]!.body).toMatchObject({ attachments: [{ id: '0', filename: 'a.png', description: 'A crop' }] });
  });
});

describe('editing', () => {
  it('keeps the files that are there, unless it is told to remove them', async () => {
    const { messages, calls } = answering(200);
    await messages.edit(at, { body }, signal);
    await messages.edit(at, { body, files: [] }, signal);
    expect(calls[0]!.body).not.toHaveProperty('attachments');
    expect(calls[1]!.body).toMatchObject({ attachments: [] });
  });

  it('rejects when the message is gone, so that it can be posted anew', async () => {
    const edit = answering(404, unknownMessage).messages.edit(at, { body }, signal);
    await expect(edit).rejects.toMatchObject({ code: RESTJSONErrorCodes.UnknownMessage });
  });
});

describe('a message that is gone', () => {
  const { messages } = answering(404, unknownMessage);

  it('is as good as removed', async () => {
    await expect(messages.remove(at, signal)).resolves.toBeUndefined();
  });

  it('is fetched as undefined', async () => {
    await expect(messages.fetch(at, signal)).resolves.toBeUndefined();
  });

  it('is not mistaken for a channel that is gone', async () => {
    const gone = answering(404, { code: RESTJSONErrorCodes.UnknownChannel, message: 'Unknown Channel' }).messages;
    await expect(gone.remove(at, signal)).rejects.toMatchObject({ code: RESTJSONErrorCodes.UnknownChannel });
    await expect(gone.fetch(at, signal)).rejects.toMatchObject({ code: RESTJSONErrorCodes.UnknownChannel });
  });
});

it('opens the channel of direct messages', async () => {
  const { messages, calls } = answering(200, { id: 'dm1' });
  expect(await messages.direct('m1' as MemberId, signal)).toBe('dm1');
  expect(calls).toMatchObject([{ path: '/users/@me/channels', body: { recipient_id: 'm1' } }]);
});

it('gives the same nonce for the same thing, another one for another, and none that is too long', () => {
  expect(nonceOf('job', 'end', '1')).toBe(nonceOf('job', 'end', '1'));
  expect(nonceOf('job', 'end', '1')).not.toBe(nonceOf('job', 'end', '2'));
  expect(nonceOf('a', 'bc')).not.toBe(nonceOf('ab', 'c'));
  expect(nonceOf('x'.repeat(500)).length).toBeLessThanOrEqual(25);
});

it('tells contents apart by their digest', () => {
  expect(digestOf({ a: 1 })).toBe(digestOf({ a: 1 }));
  expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }));
});

it('knows Discord’s errors by their code, and no others', () => {
  expect(isDiscordError(discordError(10_008), 10_003, 10_008)).toBe(true);
  expect(isDiscordError(discordError(10_008), 10_003)).toBe(false);
  expect(isDiscordError(Object.assign(new Error('x'), { code: 10_008 }), 10_008)).toBe(false);
});

it('makes no call once the signal has aborted, but lets one under way come to its end', async () => {
  const stopping = new AbortController();
  const { messages, calls } = answering(200, { id: 'm1', attachments: [] });
  const underWay = messages.send(channelId, { body: { content: 'one' } }, stopping.signal);
  stopping.abort(new Error('stopping'));
  await expect(underWay).resolves.toMatchObject({ id: 'm1' });
  await expect(messages.send(channelId, { body: { content: 'two' } }, stopping.signal)).rejects.toThrow('stopping');
  await expect(messages.edit(at, { body: { content: 'three' } }, stopping.signal)).rejects.toThrow('stopping');
  expect(calls).toHaveLength(1);
});

describe('a channel that refused', () => {
  const forbidden = { code: RESTJSONErrorCodes.MissingPermissions, message: 'Missing Permissions' };

  it('is not asked again for ten minutes, whatever job it is about', async () => {
    const { messages, calls } = answering(403, forbidden);
    for (let job = 0; job < 5; job += 1)
      await expect(messages.send(channelId, { body }, signal)).rejects.toMatchObject({ code: forbidden.code });
    expect(calls).toHaveLength(1);
    time.now += 10 * 60_000;
    await expect(messages.send(channelId, { body }, signal)).rejects.toMatchObject({ code: forbidden.code });
    expect(calls).toHaveLength(2);
  });

  it('is asked for other things, and other channels are', async () => {
    const { messages, calls } = answering(403, forbidden);
    const other = '323456789012345678' as ChannelId;
    await expect(messages.send(channelId, { body }, signal)).rejects.toThrow();
    await expect(messages.edit(at, { body }, signal)).rejects.toThrow();
    await expect(messages.send(other, { body }, signal)).rejects.toThrow();
    expect(calls).toHaveLength(3);
  });

  it('without a reason is asked again, since it is not about the channel', async () => {
    const { messages, calls } = answering(403, { code: 0, message: '403: Forbidden' });
    await expect(messages.send(channelId, { body }, signal)).rejects.toThrow();
    await expect(messages.send(channelId, { body }, signal)).rejects.toThrow();
    expect(calls).toHaveLength(2);
  });

  it('for any other reason is asked again', async () => {
    const { messages, calls } = answering(400, { code: RESTJSONErrorCodes.ThreadLocked, message: 'Thread is locked' });
    await expect(messages.send(channelId, { body }, signal)).rejects.toThrow();
    await expect(messages.send(channelId, { body }, signal)).rejects.toThrow();
    expect(calls).toHaveLength(2);
  });
});
