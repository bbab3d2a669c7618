import { describe, expect, it } from 'vitest';
import {
  ago,
  codeBlock,
  count,
  fitLines,
  itsWords,
  plain,
  price,
  title,
  usualText,
} from '../../../../src/services/threads/cards/words.ts';

const minute = 60_000;

it('writes prices as people do', () => {
  const asked = [0, 1, 0.5].map((usd) => price({ per: 'training', usd }));
  expect([...asked, price({ per: 'hour' })]).toEqual(['free', '$1.00', '$0.50', 'billed by the hour']);
});

it('counts one and many', () => {
  expect([count(1, 'photo'), count(0, 'photo'), count(2, 'match', 'matches')]).toEqual([
    '1 photo',
    '0 photos',
    '2 matches',
  ]);
});

it('gives a usual time as a range, or as one number when both ends are the same', () => {
  expect(usualText({ fromMs: 25 * minute, toMs: 35 * minute })).toBe('25 to 35 minutes');
  expect(usualText({ fromMs: 0, toMs: 80_000 })).toBe('1 minute');
});

it('leaves times to Discord, in whole seconds', () => {
  expect(ago(1_500_999)).toBe('<t:1500:R>');
});

describe('somebody else’s text', () => {
  it('is neither formatted nor a link with another name', () => {
    expect(plain('*a* [b](https://c.example) `d`')).toBe('\\*a\\* \\[b](https://c.example) \\`d\\`');
    expect(plain('<@1> <#2> </train:3> \\<@4>')).toBe('\\<@1> \\<#2> \\</train:3> \\\\\\<@4>');
    expect(title('my_model_2')).toBe('“my\\_model\\_2”');
  });

  it('stays within its quotation over several lines', () => {
    expect(itsWords('one\n# two')).toBe('\nIts words:\n> one\n> \\# two');
  });

  it('cannot end the block that it stands in, and the last lines are kept when there are too many', () => {
    expect(codeBlock('a ``` b')).toBe('```\na ˋˋˋ b\n```');
    const long = codeBlock(`first\n${'x'.repeat(2000)}\nlast`);
    expect(long).toMatch(/last\n```$/);
    expect(long).not.toContain('first');
    expect(long.length).toBeLessThan(1600);
  });
});

describe('a list in a message', () => {
  const rest = (left: number) => `and ${left} more`;

  it('has all lines when they fit', () => {
    expect(fitLines(['a', 'b'], { rest })).toBe('a\nb');
    expect(fitLines([], { rest })).toBe('');
  });

  it('has as many whole lines as fit, and says how many are left out', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `${index}`.padEnd(99, '.'));
    const text = fitLines(lines, { rest });
    expect(text.length).toBeLessThanOrEqual(1900);
    expect(text.split('\n')).toEqual([...lines.slice(0, 18), 'and 32 more']);
  });
});
