import { Collection } from 'discord.js';
import { expect, it } from 'vitest';
import { actorOf, type Acting } from '../../src/commands/command.ts';
import { UserError } from '../../src/lib/errors.ts';
import { fakeInteraction } from './fake-interaction.ts';

const acting = (change: object) => ({ ...fakeInteraction('command'), ...change }) as unknown as Acting;

it('knows the roles of a member in both forms in which discord.js gives them, and the one that everybody has', () => {
  const roles = { cache: new Collection([['artist', {}]]) };
  expect(actorOf(acting({ member: { roles } })).roleIds).toEqual(['guild1', 'artist']);
  expect(actorOf(acting({ member: { roles: ['artist'] } })).roleIds).toEqual(['guild1', 'artist']);
  expect(actorOf(acting({ member: null })).roleIds).toEqual(['guild1']);
});

it('is nobody outside a server', () => {
  expect(() => actorOf(acting({ guildId: null }))).toThrow(UserError);
});
