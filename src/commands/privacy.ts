import { ApplicationIntegrationType, InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { MemberId } from '../lib/ids.ts';
import type { MemberData } from '../services/retention/stored-data.ts';
import { buttons } from '../services/threads/cards/body.ts';
import { customId } from '../services/threads/cards/custom-id.ts';
import { count } from '../services/threads/cards/words.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import type { Command } from './command.ts';

/**
 * `/privacy`: what is kept about the person who asks, in every server, and its erasure. It works in a direct message as well: who
 * has left a server, or whose server has removed the bot, can still ask.
 */
export const privacy: Command = {
  payload: new SlashCommandBuilder()
    .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
    .setName('privacy')
    .setDescription('What this bot keeps about you')
    .addSubcommand((sub) => sub.setName('show').setDescription('Show what is kept about you, in every server'))
    .addSubcommand((sub) => sub.setName('forget').setDescription('Erase what is kept about you, in every server'))
    .toJSON(),

  execute: async (interaction, { memberEraser }) => {
    await replyLater(interaction);
    const memberId = interaction.user.id as MemberId;
    const kept = await memberEraser.dataOf(memberId);
    if (interaction.options.getSubcommand() === 'show') {
      await interaction.editReply(shownText(kept));
      return;
    }
    await interaction.editReply({
      content: questionText(kept),
      components: [buttons({ label: 'Erase all of this', customId: customId('forget-me', memberId), style: 'danger' })],
    });
  },

  buttons: {
    'forget-me': async (interaction, { memberEraser }, { id }) => {
      if (interaction.user.id !== id)
        throw new UserError('Only the one who asked can press this. Use /privacy forget.');
      await updateLater(interaction);
      await memberEraser.forget(id as MemberId);
      const { underWay } = await memberEraser.dataOf(id as MemberId);
      await interaction.editReply({ content: erasedText(underWay), components: [] });
    },
  },
};

function shownText(kept: MemberData): string {
  return ['In every server that has me, I keep about you:', ...lines(kept), underWayLine(kept), always, advice].join(
    '\n',
  );
}

function questionText(kept: MemberData): string {
  return [
    'Erase what I keep about you, in every server that has me? This cannot be undone. Erased are:',
    ...lines(kept),
    '• your id wherever you set a key of a server; the key stays',
    'Not erased are:',
    underWayLine(kept),
    '• your models at ModelsLab. They belong to the account whose key paid for them, and I will not know them any more: to have one deleted, use /delete first',
    '• what was posted in threads: delete it there, or ask a moderator to',
    '• when trainings of yours began this month, under a scrambled form of your id, for the limits of the server: until the month is over',
    always,
  ].join('\n');
}

function lines({ orders, photos, confirmations }: MemberData): readonly string[] {
  return [
    `• ${count(orders, 'order')} that you did not start or that ended: names, trigger words, settings, what became of them`,
    `• ${count(photos, 'photo')} of these orders, with their crops`,
    `• that you confirmed the right to use your photos, in ${count(confirmations, 'server')}`,
  ];
}

function underWayLine({ underWay }: MemberData): string {
  return `• ${count(underWay, 'order')} under way, with the photos: the result is still to reach you, and may be billed`;
}

const always = '• the ledger: what was sent and charged, and when, without any person’s id or name';
const advice = '/privacy forget erases it.';

function erasedText(underWay: number): string {
  const rest =
    underWay === 0
      ? 'Nothing about you is left but what I said is not erased.'
      : `${count(underWay, 'order')} under way ${underWay === 1 ? 'is' : 'are'} kept until the end. Then use /privacy forget again.`;
  return `Erased. ${rest}`;
}
