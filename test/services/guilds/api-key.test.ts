import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/lib/errors.ts';
import { parseApiKey } from '../../../src/services/guilds/api-key.ts';

describe('parseApiKey', () => {
  it.each(['a'.repeat(10), 'a'.repeat(200), 'Zq7x-Lm2p_9Rt.vW5/yB8+dF3='])('takes %s', (key) => {
    expect(parseApiKey(key)).toBe(key);
  });

  it('takes off the blanks that come along when copying', () => {
    expect(parseApiKey('\n\t Zq7xLm2p9RtvW5 \r\n')).toBe('Zq7xLm2p9RtvW5');
  });

  it.each([
    ['nothing', '', 'too short'],
    ['nine characters', 'a'.repeat(9), 'too short'],
    ['201 characters', 'a'.repeat(201), 'too long'],
    ['a sentence', 'my key is Zq7xLm2p9Rt', 'it has spaces'],
    ['two lines', 'Zq7xLm2p9Rt\nvW5yB8dF3g', 'it has spaces, line breaks'],
    ['a control character', 'Zq7xLm2p9Rt\u0000vW5', 'unusual characters'],
    ['a zero-width space', 'Zq7xLm2p9Rt\u200bvW5', 'unusual characters'],
  ])('refuses %s without repeating it, and says what to do', (_what, pasted, reason) => {
    const parsing = () => parseApiKey(pasted);
    expect(parsing).toThrow(UserError);
    expect(parsing).toThrow(reason);
    expect(parsing).toThrow('Copy it again');
    if (pasted !== '') expect(parsing).not.toThrow(pasted);
  });
});
