import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startDiscord, type Discord as StandIn } from '../playground/discord/discord.ts';
import { patienceMs } from '../playground/patience.ts';
import { createDiscord, type Discord } from '../src/discord.ts';
import { watchGateway } from '../src/events/gateway.ts';
import { createShutdown } from '../src/lib/shutdown.ts';
import { recordingLog, type LoggedLine } from './events/recording-log.ts';

/* A real client of discord.js against the stand-in, with a clock on which waits are over at once. */

const until = (probe: () => boolean) => vi.waitUntil(probe, { timeout: patienceMs, interval: 20 });

interface Start {
  readonly discord: Discord;
  readonly slept: number[];
  readonly lines: readonly LoggedLine[];
  readonly written: string[];
  stop(): void;
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function standIn(): Promise<StandIn> {
  const discord = await startDiscord();
  ends.unshift(() => discord.close());
  return discord;
}

function begin({ apiUrl, botToken }: Pick<StandIn, 'apiUrl' | 'botToken'>): Start {
  const { log, lines } = recordingLog();
  const slept: number[] = [];
  const written: string[] = [];
  const write = (line: string) => void written.push(line);
  const stop = createShutdown({ log, exit: () => undefined, write, longestMs: 1000 });
  const clock = {
    steady: () => performance.now(),
    sleep: async (ms: number, signal: AbortSignal) => {
      slept.push(ms);
      await sleep(20, undefined, { signal }).catch(() => undefined);
    },
  };
  const config = { discordToken: botToken, discordApiUrl: apiUrl };
  const metrics = { discordAnswered: () => undefined };
  const discord = createDiscord({ config, clock, random: () => 0, metrics, log, stop });
  watchGateway(discord.client, log, (reason) => {
    stop.because(reason);
  });
  ends.unshift(() => discord.client.destroy());
  return {
    discord,
    slept,
    lines,
    written,
    stop: () => {
      stop.now(0);
    },
  };
}

const told = ({ lines }: Start) =>
  lines.filter(({ level }) => level !== 'debug').map(({ level, msg }) => `${level}: ${msg}`);

describe('a start while Discord is away', () => {
  it.each([
    ['has troubles', 'error-500'],
    ['sends a page', 'html'],
    ['drops every connection', 'dropped'],
  ] as const)('waits while it %s, says so once, and connects when it is back', async (_what, trouble) => {
    const discord = await standIn();
    discord.faults.next({ path: /gateway\/bot/, trouble, times: 30 });
    const start = begin(discord);
    expect(await start.discord.login()).toBe(true);
    await until(() => start.discord.isConnected());
    expect(start.slept.slice(0, 6)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000]);
    expect(told(start)).toEqual([
      'warn: Discord cannot be used yet: waiting, and trying again until it can',
      'info: Discord answers: connecting',
    ]);
    expect(start.written).toEqual([]);
  });

  it('waits while nobody listens at its address, and lets go on what needs no gateway', async () => {
    const first = await startDiscord();
    const port = Number(new URL(first.apiUrl).port);
    await first.close();
    const start = begin(first);
    const login = start.discord.login();
    await start.discord.asked;
    expect(start.discord.isConnected()).toBe(false);
    const discord = await startDiscord({ port, botToken: first.botToken });
    ends.unshift(() => discord.close());
    expect(await login).toBe(true);
    await until(() => start.discord.isConnected());
  });

  it('waits while what answers there is no gateway’s address', async () => {
    const discord = await standIn();
    discord.leaveStarts({ remaining: 'many' as unknown as number, reset_after: 1 });
    const start = begin(discord);
    const login = start.discord.login();
    await start.discord.asked;
    await until(() => start.slept.length > 2);
    discord.leaveStarts({ remaining: 9, reset_after: 1 });
    expect(await login).toBe(true);
  });

  it('waits while the gateway takes no connection, as long as it takes, and says so once', async () => {
    const discord = await standIn();
    discord.gateway.refuse(true);
    const start = begin(discord);
    const login = start.discord.login();
    await start.discord.asked;
    await until(() => start.slept.length > 1);
    expect(start.discord.isConnected()).toBe(false);
    discord.gateway.refuse(false);
    expect(await login).toBe(true);
    await until(() => start.discord.isConnected());
    expect(start.slept.slice(0, 2)).toEqual([1000, 2000]);
    expect(told(start).filter((line) => line.startsWith('warn')).length).toBeLessThanOrEqual(2);
    expect(start.written).toEqual([]);
  });

  it('does not identify when no start is left for the day, and does when there is one again', async () => {
    const discord = await standIn();
    discord.leaveStarts({ remaining: 0, reset_after: 3_600_000 });
    const start = begin(discord);
    const login = start.discord.login();
    await until(() => start.slept.length > 0);
    expect(start.slept[0]).toBe(3_601_000);
    expect(discord.gateway.connected()).toEqual([]);
    discord.leaveStarts({ remaining: 1, reset_after: 3_600_000 });
    expect(await login).toBe(true);
    await until(() => start.discord.isConnected());
  });

  it.each([
    ['for ever', 1e13, 3_601_000],
    ['since yesterday', -86_400_000, 1000],
  ])('asks again in a while, and not at once, when no start is left %s', async (_what, reset_after, waitedMs) => {
    const discord = await standIn();
    discord.leaveStarts({ remaining: 0, reset_after });
    const start = begin(discord);
    void start.discord.login();
    await until(() => start.slept.length > 0);
    expect(start.slept[0]).toBe(waitedMs);
    start.stop();
  });

  it('can be stopped while it waits', async () => {
    const discord = await standIn();
    discord.faults.next({ path: /gateway\/bot/, trouble: 'dropped', times: 10_000 });
    const start = begin(discord);
    const login = start.discord.login();
    await start.discord.asked;
    start.stop();
    expect(await login).toBe(false);
    expect(start.written).toEqual([]);
  });

  it('ends at once when the token is not accepted', async () => {
    const discord = await standIn();
    const start = begin({ apiUrl: discord.apiUrl, botToken: `${discord.botToken}x` });
    expect(await start.discord.login()).toBe(false);
    expect(start.written).toEqual([expect.stringMatching(/does not accept DISCORD_TOKEN/)]);
    expect(start.slept).toEqual([]);
  });
});

it('identifies ever more seldom when each session is ended at once', async () => {
  const discord = await standIn();
  const start = begin(discord);
  await start.discord.login();
  const identified = () => discord.events.all.filter(({ type }) => type === 'bot-ready').length;
  for (let round = 1; round <= 4; round += 1) {
    await until(() => start.discord.isConnected() && identified() === round);
    discord.gateway.invalidate(false);
  }
  await until(() => start.slept.includes(10_000));
  expect(start.slept.filter((ms) => ms >= 5000)).toEqual([5000, 10_000]);
});
