import { expect, it } from 'vitest';
import { customId, parseCustomId } from '../../../../src/services/threads/cards/custom-id.ts';

it('is verb, id and perhaps more, and is read back as it was written', () => {
  expect(customId('start', 'abc', 3)).toBe('start:abc:3');
  expect(parseCustomId('start:abc:3')).toEqual({ verb: 'start', id: 'abc', more: '3' });
  expect(customId('cancel', 'abc')).toBe('cancel:abc');
  expect(parseCustomId('cancel:abc')).toEqual({ verb: 'cancel', id: 'abc', more: undefined });
});

it('reads whatever another version or program wrote without failing', () => {
  expect(parseCustomId('')).toEqual({ verb: '', id: '', more: undefined });
  expect(parseCustomId('a:b:c:d')).toEqual({ verb: 'a', id: 'b', more: 'c:d' });
});
