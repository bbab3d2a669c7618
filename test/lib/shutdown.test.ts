import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { createShutdown } from '../../src/lib/shutdown.ts';

function build(longestMs = 5_000) {
  const exits: number[] = [];
  const lines: string[] = [];
  const complaints: unknown[] = [];
  const log = { info: () => undefined, error: (fields: object) => void complaints.push(fields) };
  const exit = (code: number) => void exits.push(code);
  const stop = createShutdown({ log, exit, write: (line) => void lines.push(line), longestMs });
  return { stop, exits, lines, complaints };
}

describe('a stop', () => {
  it('ends what was added last first, and then the program', async () => {
    const { stop, exits } = build();
    const ended: string[] = [];
    for (const name of ['database', 'web', 'poller']) stop.atEnd(async () => Promise.resolve(void ended.push(name)));
    stop.now(0);
    await expect.poll(() => exits).toEqual([0]);
    expect(ended).toEqual(['poller', 'web', 'database']);
  });

  it('ends the others when one fails, and says so', async () => {
    const { stop, exits, complaints } = build();
    const ended: string[] = [];
    stop.atEnd(async () => Promise.resolve(void ended.push('database')));
    stop.atEnd(async () => Promise.reject(new Error('stuck')));
    stop.now(0);
    await expect.poll(() => exits).toEqual([0]);
    expect(ended).toEqual(['database']);
    expect(complaints).toHaveLength(1);
  });

  it('is over in time although something never ends', async () => {
    const { stop, exits } = build(20);
    stop.atEnd(() => new Promise(() => undefined));
    stop.now(0);
    await expect.poll(() => exits).toEqual([0]);
  });

  it('that is asked for twice ends at once with 1', () => {
    const { stop, exits } = build();
    stop.atEnd(() => new Promise(() => undefined));
    stop.now(0);
    expect(exits).toEqual([]);
    stop.now(0);
    expect(exits).toEqual([1]);
  });

  it('tells members by the reason of its signal that nothing is lost', () => {
    const { stop } = build();
    stop.now(0);
    expect(stop.signal.reason).toBeInstanceOf(UserError);
    expect(stop.signal.reason).toMatchObject({
      message: expect.stringMatching(/restarted.*Nothing is lost/) as string,
    });
  });

  it('for a reason writes the first one as a line, and ends with 1', async () => {
    const { stop, exits, lines } = build();
    stop.because('Discord does not accept DISCORD_TOKEN');
    stop.because('and the gateway is closed');
    await expect.poll(() => exits).toEqual([1]);
    expect(lines).toEqual(['Discord does not accept DISCORD_TOKEN\n']);
  });
});
