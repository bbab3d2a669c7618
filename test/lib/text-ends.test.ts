import { expect, it } from 'vitest';
import { withoutEnd } from '../../src/lib/text.ts';

it.each([
  ['https://x.example//', '/', 'https://x.example'],
  ['/a/b', '/', '/a/b'],
  ['a._ -', ' ._-', 'a'],
  ['///', '/', ''],
  ['', '/', ''],
])('takes from %j what stands at its end of %j', (text, characters, rest) => {
  expect(withoutEnd(text, characters)).toBe(rest);
});
