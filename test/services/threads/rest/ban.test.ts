import { REST } from 'discord.js';
import { expect, it } from 'vitest';
import type { ChannelId, MemberId } from '../../../../src/lib/ids.ts';
import { silentLog } from '../../../../src/lib/logger.ts';
import type { Job, Told } from '../../../../src/services/jobs/state/job.ts';
import type { Darkroom } from '../../../../src/services/photos/photo.ts';
import { createMessages } from '../../../../src/services/threads/rest/messages.ts';
import { createTransport, restOptions } from '../../../../src/services/threads/rest/transport.ts';
import { createThreadAnnouncer } from '../../../../src/services/threads/thread-announcer.ts';
import { aJob, jobId, minute, noon } from '../../jobs/job-builder.ts';
import { aReview } from '../cards/review-builder.ts';

/* Discord bans whoever has 10 000 answers of 401, 403 or 429 in ten minutes. The worst that can happen is played here. */

const banAt = 10_000;
const window = 10 * minute;
const directChannel = (asked = '{}') => `4${(JSON.parse(asked) as { recipient_id: string }).recipient_id.slice(1)}`;
const { signal } = new AbortController();
const snowflake = (kind: number, index: number) => `${kind}${String(index).padStart(17, '0')}`;

interface Load {
  readonly jobs: number;
  readonly channels: number;
  readonly members: number;
}

/** Trainings that end all at once where the bot may not write any more, nor their owners be written to. */
async function endAll({ jobs, channels, members }: Load, hours: number) {
  const time = { now: noon };
  const clock = { now: () => time.now, steady: () => time.now, sleep: () => Promise.resolve() };
  const refusedAt: number[] = [];
  const network = (url: string, { body }: { body?: string }) => {
    if (url.endsWith('/users/@me/channels')) return Promise.resolve(Response.json({ id: directChannel(body) }));
    refusedAt.push(time.now);
    return Promise.resolve(Response.json({ code: 50_013, message: 'Missing Permissions' }, { status: 403 }));
  };
  const border = createTransport({
    clock,
    onAnswer: () => undefined,
    onTokenLost: () => undefined,
    fetch: network as typeof fetch,
  });
  const options = { ...restOptions('https://discord.example/api', border), retries: 0, globalRequestsPerSecond: 1e6 };
  const messages = createMessages(new REST(options).setToken('token'), clock);
  const darkroom = {
    for: () => ({ contactSheet: () => Promise.resolve(Buffer.from('sheet')) }) as Partial<Darkroom> as Darkroom,
  };
  const announcer = createThreadAnnouncer({ messages, darkroom, clock, log: silentLog });
  const told = new Map<Job['id'], Told>();
  const all = Array.from({ length: jobs }, (_, index) => {
    const id = jobId(`job${index}`);
    const threadId = snowflake(1, index) as ChannelId;
    told.set(id, { place: 'thread', threadId, cropIds: [], news: [], failures: 0 });
    const channelId = snowflake(2, index % channels) as ChannelId;
    return aJob('ready', { id, channelId, ownerId: snowflake(3, index % members) as MemberId });
  });
  // Each is tried every five minutes: more often than the poller does, which waits longer after each failure.
  for (const end = noon + hours * 60 * minute; time.now < end; time.now += 5 * minute) {
    for (const job of all.filter(({ id }) => told.get(id)?.place !== 'nowhere')) {
      const mark = (change: Partial<Told>) =>
        Promise.resolve(void told.set(job.id, { ...told.get(job.id)!, ...change }));
      await announcer.tell({ ...job, told: told.get(job.id)! }, aReview(), mark, signal).catch(() => undefined);
    }
  }
  const inWindow = (from: number) => refusedAt.filter((at) => at >= from && at < from + window).length;
  return { refused: refusedAt.length, worst: Math.max(...refusedAt.map(inWindow)), told: [...told.values()] };
}

it('a job that nobody can be told of is refused at most once in each of its places', async () => {
  const { refused, told } = await endAll({ jobs: 100, channels: 4, members: 10 }, 1);
  expect(told.every(({ place }) => place === 'nowhere')).toBe(true);
  // One for each thread; its channel and its owner are asked for the first job alone.
  expect(refused).toBe(100 + 4 + 10);
});

it('two thousand jobs that end at once in closed places stay below a tenth of what is banned', async () => {
  const { worst, told } = await endAll({ jobs: 2000, channels: 50, members: 200 }, 2);
  console.log(`refusals in the worst ten minutes: ${worst} of ${banAt}`);
  expect(worst).toBeLessThan(banAt / 10);
  expect(told.every(({ place }) => place === 'nowhere')).toBe(true);
});
