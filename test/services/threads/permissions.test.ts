import { PermissionFlagsBits, PermissionsBitField } from 'discord.js';
import { expect, it } from 'vitest';
import { invitePermissions, missingPermissions } from '../../../src/services/threads/permissions.ts';

const all = new PermissionsBitField(invitePermissions);

it('finds nothing missing with what the invite link asks for', () => {
  expect(missingPermissions(all, 'public')).toEqual([]);
  expect(missingPermissions(all, 'private')).toEqual([]);
});

it('names each missing permission as Discord’s settings do', () => {
  const held = new PermissionsBitField(all).remove('AttachFiles', 'SendMessagesInThreads');
  expect(missingPermissions(held, 'public')).toEqual(['Send Messages in Threads', 'Attach Files']);
});

it('asks only for the kind of thread that the server wants', () => {
  const held = new PermissionsBitField(all).remove('CreatePublicThreads');
  expect(missingPermissions(held, 'public')).toEqual(['Create Public Threads']);
  expect(missingPermissions(held, 'private')).toEqual([]);
});

it('misses nothing where it is an administrator', () => {
  expect(missingPermissions(new PermissionsBitField(PermissionFlagsBits.Administrator), 'private')).toEqual([]);
});

it('never asks for more than it needs: no administrator, no reading of everything', () => {
  const names = new PermissionsBitField(invitePermissions).toArray();
  expect(names.toSorted()).toEqual([
    'AttachFiles',
    'CreatePrivateThreads',
    'CreatePublicThreads',
    'EmbedLinks',
    'ReadMessageHistory',
    'SendMessages',
    'SendMessagesInThreads',
    'ViewChannel',
  ]);
});
