import { PermissionFlagsBits, SlashCommandBuilder, type RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { methods, plans } from '../../services/modelslab/methods.ts';
import { baseModelOption } from '../base-model-choices.ts';
import { guildOnly } from '../command.ts';

export const cropChoices = [
  { name: 'Where the picture draws the eye', value: 'attention' },
  { name: 'The middle', value: 'centre' },
  { name: 'Where there is most detail', value: 'entropy' },
] as const;

export const handOverChoices = [
  { name: 'Post the crops in the thread and send their links', value: 'thread' },
  { name: 'Upload the crops to ModelsLab, post none', value: 'upload' },
] as const;

export const threadChoices = [
  { name: 'Public threads', value: 'public' },
  { name: 'Private threads: only the owner and moderators read them', value: 'private' },
] as const;

export const allowedChoices = [
  { name: 'Everything', value: 'everything' },
  { name: 'Objects and styles only', value: 'no-people' },
] as const;

export const planChoices = Object.values(plans).map(({ id, label, slots }) => ({
  name: `${label}: ${slots} at once`,
  value: id,
}));

/** Discord shows them in this order. */
export const limitOptions = [
  {
    limit: 'memberAtOnce',
    name: 'member_at_once',
    unit: 'trainings',
    description: 'Trainings that a member may have under way at once; 0: no limit',
  },
  {
    limit: 'serverAtOnce',
    name: 'server_at_once',
    unit: 'trainings',
    description: 'Trainings that may be under way at once in this server; 0: no limit',
  },
  {
    limit: 'memberPerDay',
    name: 'member_per_day',
    unit: 'trainings',
    description: 'Trainings that a member may begin on a day (UTC); 0: no limit',
  },
  {
    limit: 'memberPerMonth',
    name: 'member_per_month',
    unit: 'trainings',
    description: 'Trainings that a member may begin in a calendar month (UTC); 0: no limit',
  },
  {
    limit: 'usdPerMonth',
    name: 'dollars_per_month',
    unit: 'dollars',
    description: 'What this server may spend in a calendar month (UTC), in dollars; 0: no limit',
  },
  {
    limit: 'usdPerHourly',
    name: 'dollars_per_hourly',
    unit: 'dollars',
    description: 'What a training billed by the hour counts as; 0: unknown, so none starts beside a limit in dollars',
  },
] as const;

export const configPayload: RESTPostAPIApplicationCommandsJSONBody = guildOnly(new SlashCommandBuilder())
  .setName('config')
  .setDescription('Set up the bot for this server')
  .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
  .addSubcommand((sub) => sub.setName('key').setDescription('Set this server’s ModelsLab API key'))
  .addSubcommand((sub) => sub.setName('wandb').setDescription('Set this server’s Weights & Biases key, or remove it'))
  .addSubcommand((sub) => sub.setName('show').setDescription('Show how the bot is set up here'))
  .addSubcommand((sub) =>
    sub
      .setName('defaults')
      .setDescription('What an order starts with')
      .addStringOption((option) =>
        option
          .setName('method')
          .setDescription('How to train')
          .addChoices(Object.values(methods).map(({ id, label }) => ({ name: label, value: id }))),
      )
      .addStringOption(baseModelOption)
      .addStringOption((option) =>
        option
          .setName('crop')
          .setDescription('How photos are cropped')
          .addChoices(...cropChoices),
      ),
  )
  .addSubcommand((sub) =>
    sub
      .setName('access')
      .setDescription('Who may train here, where, and on what')
      .addStringOption((option) =>
        option
          .setName('subjects')
          .setDescription('What models may be of; when left out, a form asks who may train and where')
          .addChoices(...allowedChoices),
      ),
  )
  .addSubcommand((sub) => {
    sub.setName('limits').setDescription('How much may be trained and spent here');
    for (const { name, description } of limitOptions.filter(({ unit }) => unit === 'trainings')) {
      sub.addIntegerOption((option) =>
        option.setName(name).setDescription(description).setMinValue(0).setMaxValue(1000),
      );
    }
    for (const { name, description } of limitOptions.filter(({ unit }) => unit === 'dollars')) {
      sub.addNumberOption((option) => option.setName(name).setDescription(description).setMinValue(0).setMaxValue(1e6));
    }
    return sub;
  })
  .addSubcommand((sub) =>
    sub
      .setName('privacy')
      .setDescription('Where crops and reports go')
      .addStringOption((option) =>
        option
          .setName('crops')
          .setDescription('How crops reach ModelsLab')
          .addChoices(...handOverChoices),
      )
      .addStringOption((option) =>
        option
          .setName('threads')
          .setDescription('Who can read the threads')
          .addChoices(...threadChoices),
      ),
  )
  .addSubcommand((sub) =>
    sub
      .setName('plan')
      .setDescription('How many trainings ModelsLab takes at once; more wait in line')
      .addStringOption((option) =>
        option
          .setName('plan')
          .setDescription('The plan of the ModelsLab account that the key belongs to')
          .setRequired(true)
          .addChoices(...planChoices),
      ),
  )
  .addSubcommand((sub) => sub.setName('forget').setDescription('Erase this server’s key, settings, orders and photos'))
  .toJSON();
