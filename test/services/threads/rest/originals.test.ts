import { MessageReferenceType, type REST } from 'discord.js';
import { expect, it } from 'vitest';
import type { ChannelId, MessageId } from '../../../../src/lib/ids.ts';
import { createFindAuthor } from '../../../../src/services/threads/rest/originals.ts';
import { heldClock, until } from '../../jobs/held-clock.ts';
import { createFakeRest } from './fake-rest.ts';

const { signal } = new AbortController();
const at = (messageId: string) => ({ channelId: 'channel1' as ChannelId, messageId: messageId as MessageId });
const by = (author: string) => ({ author: { id: author } });
const forward = (author: string, of: string, type = MessageReferenceType.Forward) => ({
  ...by(author),
  message_reference: { type, channel_id: 'channel1', message_id: of },
});

/** A Discord that has these messages and knows no others. */
function originalsAmong(messages: Readonly<Record<string, object>>) {
  const { rest, calls } = createFakeRest(({ path }) => {
    const json = messages[path.replace('/channels/channel1/messages/', '')];
    return json ? { json } : { status: 404, json: { code: 10_008, message: 'Unknown Message' } };
  });
  return { findAuthor: createFindAuthor({ rest, clock: heldClock() }), calls };
}

it('knows who wrote the original of a forward, also of one that was forwarded several times', async () => {
  const { findAuthor } = originalsAmong({
    photo: by('ada'),
    once: forward('bob', 'photo'),
    twice: forward('bob', 'once'),
  });
  expect(await findAuthor(at('photo'), signal)).toBe('ada');
  expect(await findAuthor(at('twice'), signal)).toBe('ada');
});

it('does not take a reply for a forward', async () => {
  const reply = forward('bob', 'photo', MessageReferenceType.Default);
  const { findAuthor } = originalsAmong({ photo: by('ada'), reply });
  expect(await findAuthor(at('reply'), signal)).toBe('bob');
});

it('goes by who forwarded where the message before that is gone', async () => {
  const { findAuthor } = originalsAmong({ once: forward('ada', 'gone') });
  expect(await findAuthor(at('once'), signal)).toBe('ada');
});

it('knows nobody where Discord does not tell', async () => {
  const { findAuthor } = originalsAmong({});
  expect(await findAuthor(at('gone'), signal)).toBeUndefined();
});

it('waits no longer than a modal can wait, and asks no more after that', async () => {
  const clock = heldClock();
  const asked: string[] = [];
  const answer = Promise.withResolvers<unknown>();
  const rest: Pick<REST, 'get'> = {
    get: (path) => {
      asked.push(path);
      return answer.promise;
    },
  };
  const found = createFindAuthor({ rest, clock })(at('slow'), signal);
  await until(() => clock.sleeping() > 0);
  clock.pass(1500);
  expect(await found).toBeUndefined();
  answer.resolve(forward('bob', 'photo'));
  await new Promise(setImmediate);
  expect(asked).toEqual(['/channels/channel1/messages/slow']);
});

it('holds up nothing once there is an answer', async () => {
  const clock = heldClock();
  const { rest } = createFakeRest(() => ({ json: by('ada') }));
  await createFindAuthor({ rest, clock })(at('photo'), signal);
  expect(clock.sleeping()).toBe(0);
});
