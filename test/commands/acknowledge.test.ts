import { RESTJSONErrorCodes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { replyLater, updateLater } from '../../src/commands/acknowledge.ts';
import { discordError } from '../services/threads/fake-messages.ts';
import { fakeInteraction } from './fake-interaction.ts';

const acknowledged = discordError(RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged);

describe('replyLater', () => {
  it('promises a reply that only the member sees', async () => {
    const interaction = fakeInteraction('command');
    await replyLater(interaction as never);
    expect(interaction.answers).toEqual([{ way: 'deferReply', body: { flags: 64 } }]);
  });

  it('goes on when Discord has it already: its first answer was lost on the way', async () => {
    const interaction = fakeInteraction('command', { failing: { deferReply: acknowledged } });
    await replyLater(interaction as never);
    expect(interaction).toMatchObject({ deferred: true, ephemeral: true });
  });

  it('rejects when the member waited too long to be answered', async () => {
    const failing = { deferReply: discordError(RESTJSONErrorCodes.UnknownInteraction) };
    await expect(replyLater(fakeInteraction('command', { failing }) as never)).rejects.toMatchObject({ code: 10_062 });
  });
});

describe('updateLater', () => {
  it('leaves the message under a button, a menu or its modal as it is', async () => {
    for (const kind of ['button', 'select', 'modal'] as const) {
      const interaction = fakeInteraction(kind);
      await updateLater(interaction as never);
      expect(interaction.answers.map(({ way }) => way)).toEqual(['deferUpdate']);
    }
  });

  it('promises a reply to a modal that a command opened: there is no message', async () => {
    const interaction = fakeInteraction('modal', { isFromMessage: false });
    await updateLater(interaction as never);
    expect(interaction.answers.map(({ way }) => way)).toEqual(['deferReply']);
  });

  it('goes on when Discord has it already', async () => {
    const interaction = fakeInteraction('button', { failing: { deferUpdate: acknowledged } });
    await updateLater(interaction as never);
    expect(interaction).toMatchObject({ deferred: true, ephemeral: null });
  });
});
