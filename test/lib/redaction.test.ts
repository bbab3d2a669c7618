import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRedaction } from '../../src/lib/redaction.ts';

function scrubbing(...known: string[]): (text: string) => string {
  const secrets = createRedaction();
  for (const secret of known) secrets.add(secret);
  return (text) => secrets.scrub(text);
}

describe('createSecrets', () => {
  it('leaves a text alone that holds no secret', () => {
    const text = '{"level":"info","msg":"abcdefgh is not a secret","url":"https://example.org/webhooks/docs"}';
    expect(scrubbing('abcdefghijkl')(text)).toBe(text);
  });

  it('hides every occurrence, at the beginning, at the end and side by side', () => {
    expect(scrubbing('abcdefgh')('abcdefgh.abcdefghabcdefgh-abcdefgh')).toBe('[hidden].[hidden][hidden]-[hidden]');
  });

  it('hides the whole of the longer of two secrets that begin alike', () => {
    expect(scrubbing('abcdefgh12', 'abcdefgh123456')('abcdefgh123456 abcdefgh12')).toBe('[hidden] [hidden]');
  });

  it.each([0, 1, 2, 3, 4])('hides a secret in base64 that begins %i bytes into the text', (shift) => {
    const secret = 'Zq7xLm2p9RtvW5yB8dF3g';
    const text = Buffer.from(`${'-'.repeat(shift)}${secret} and more`).toString('base64');
    const clean = scrubbing(secret)(text);
    expect(clean).toContain('[hidden]');
    const left = clean.split('[hidden]').map((part) => Buffer.from(part, 'base64').toString('latin1'));
    expect(left.join('')).not.toMatch(/Zq7|F3g/);
  });

  it('hides nothing so short that words would go with it', () => {
    expect(scrubbing('bot')('the bot is about to start')).toBe('the bot is about to start');
  });

  it('takes no longer for ten thousand secrets than for one', () => {
    const known = Array.from({ length: 10_000 }, (_, index) => hash('sha256', String(index)));
    const line = JSON.stringify({ msg: 'training_started', url: 'https://modelslab.com/api/v3/fine_tune' });
    const cost = (scrub: (text: string) => string, rounds: number) => {
      const before = process.threadCpuUsage();
      for (let round = 0; round < rounds; round += 1) scrub(line);
      const { user, system } = process.threadCpuUsage(before);
      return user + system;
    };
    const [one, all] = [scrubbing(known[0]!), scrubbing(...known)];
    cost(one, 1_000); // Compiles it.
    // Some systems count in steps of milliseconds: twenty times as often, it takes several of them.
    expect(cost(all, 1_000)).toBeLessThan(cost(one, 20_000));
  });
});
