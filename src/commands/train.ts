import {
  ApplicationIntegrationType,
  InteractionContextType,
  ModalBuilder,
  RESTJSONErrorCodes,
  SlashCommandBuilder,
  type ChatInputCommandInteraction,
} from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { ChannelId } from '../lib/ids.ts';
import type { GuildSettings } from '../services/guilds/guilds.ts';
import type { Actor } from '../services/jobs/wishes.ts';
import type { Job, Order } from '../services/jobs/job.ts';
import { triggerFor } from '../services/jobs/order.ts';
import { blockedText } from '../services/jobs/review.ts';
import { isMethodId, methods } from '../services/modelslab/methods.ts';
import type { PhotoSource } from '../services/photos/photo.ts';
import { customId } from '../services/threads/custom-id.ts';
import { isDiscordError } from '../services/threads/messages.ts';
import { plain, price, title } from '../services/threads/words.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import { sourceOf } from './attachments.ts';
import { actorOf, jobIdOf, type Command, type Services } from './command.ts';
import { photosField, subjectChoices } from './modals.ts';

const photoOptions = Array.from({ length: 10 }, (_, index) => `photo${index + 1}`);

const payload = new SlashCommandBuilder()
  .setName('train')
  .setDescription('Train a model on your photos')
  .setContexts(InteractionContextType.Guild)
  .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
  .addStringOption((option) =>
    option.setName('name').setDescription('What the model shall be called').setRequired(true).setMaxLength(40),
  )
  .addStringOption((option) =>
    option.setName('subject').setDescription('What the photos show').setRequired(true).addChoices(subjectChoices),
  );
for (const name of photoOptions) {
  payload.addAttachmentOption((option) =>
    option.setName(name).setDescription('A photo: JPEG, PNG or WebP').setFileTypes('image'),
  );
}
payload
  .addStringOption((option) =>
    option
      .setName('method')
      .setDescription('How to train; each has its price')
      .addChoices(
        Object.values(methods).map(({ id, label, priceUsd }) => ({ name: `${label}, ${price(priceUsd)}`, value: id })),
      ),
  )
  .addStringOption((option) =>
    option.setName('trigger').setDescription('The made-up word that calls the subject in a prompt').setMaxLength(30),
  )
  .addStringOption((option) =>
    option.setName('base_model').setDescription('For Dreambooth: the model to build on').setMaxLength(100),
  )
  .addIntegerOption((option) =>
    option
      .setName('steps')
      .setDescription('Training steps; chosen by the number of photos when left out')
      .setMinValue(1)
      .setMaxValue(2000),
  )
  .addIntegerOption((option) =>
    option
      .setName('seed')
      .setDescription('A number that makes a training repeatable')
      .setMinValue(0)
      .setMaxValue(4_294_967_295),
  );

/** `/train`: opens a draft with the attached photos, or asks for photos with a file picker. */
export const train: Command = {
  payload: payload.toJSON(),

  execute: async (interaction, services) => {
    const actor = actorOf(interaction);
    const settings = await services.settings.get(actor.guildId);
    const channelId = services.threads.check(interaction, settings.threads);
    const wanted = orderFrom(interaction, settings);
    const sources = photoOptions.flatMap((name) => interaction.options.getAttachment(name) ?? []).map(sourceOf);
    if (sources.length === 0) {
      const { job } = await services.desk.open(actor, channelId, wanted);
      await interaction.showModal(photosModal(job));
      return;
    }
    await replyLater(interaction);
    const { job, notes } = await services.desk.open(actor, channelId, wanted);
    const threadId = await openWith(job, sources, actor, services);
    await interaction.editReply(await openedText({ job, threadId, notes }, services));
  },

  buttons: {
    add: async (interaction, services, id) => {
      const job = await services.desk.find(actorOf(interaction), jobIdOf(id));
      await interaction.showModal(photosModal(job));
    },
  },

  modals: {
    photos: async (interaction, services, id) => {
      const actor = actorOf(interaction);
      await updateLater(interaction);
      const job = await services.desk.find(actor, jobIdOf(id));
      const sources = [...interaction.fields.getUploadedFiles('photos', true).values()].map(sourceOf);
      const threadId = await openWith(job, sources, actor, services);
      if (!interaction.isFromMessage()) await interaction.editReply(await openedText({ job, threadId }, services));
    },
  },
};

/** The photos are stored as wanted before anything else can fail; the poller fetches them once the thread is there. */
export async function openWith(
  job: Job,
  sources: readonly PhotoSource[],
  actor: Actor,
  services: Services,
): Promise<ChannelId> {
  await services.desk.addPhotos(actor, job.id, sources);
  if (job.told.threadId !== undefined) return job.told.threadId;
  const { threads: kind } = await services.settings.get(actor.guildId);
  const threadId = await openThread(job, kind, actor, services);
  await services.desk.placeIn(job.id, { threadId, isPrivate: kind === 'private' });
  return threadId;
}

/** An order that nobody can see is no use: without a thread it is discarded, and its name is free again. */
async function openThread(job: Job, kind: 'public' | 'private', actor: Actor, services: Services): Promise<ChannelId> {
  try {
    return await services.threads.open({ channelId: job.channelId, name: job.order.name, kind });
  } catch (error) {
    await services.desk.discard(actor, job.id);
    // What an admin has to change is said where all errors become replies.
    const isPermission = isDiscordError(error, RESTJSONErrorCodes.MissingPermissions, RESTJSONErrorCodes.MissingAccess);
    if (error instanceof UserError || isPermission) throw error;
    services.log.warn({ err: error, jobId: job.id }, 'a thread could not be opened, the order was discarded');
    throw new UserError(
      'Discord did not let me open a thread for this order, so I discarded it; nothing was billed. Wait a minute, then use the command again with your photos.',
    );
  }
}

/** What the member reads where they used the command; everything else happens in the thread. */
export async function openedText(
  { job, threadId, notes = [] }: { job: Job; threadId: ChannelId; notes?: readonly string[] },
  { vault }: Pick<Services, 'vault'>,
): Promise<string> {
  const hasKey = (await vault.facts(job.guildId)) !== undefined;
  return [
    `Your photos are being looked at in <#${threadId}>. Nothing is billed until you press Start there.`,
    ...notes.map(plain),
    ...(notes.length === 0
      ? []
      : [
          `I took what is possible instead and called it ${title(job.order.name)}. Press Settings there to change that.`,
        ]),
    ...(hasKey ? [] : [blockedText({ kind: 'no-key' })]),
  ].join('\n');
}

/** What was left out comes from the server's defaults. */
export function completeOrder(given: Pick<Order, 'name' | 'subject'> & Partial<Order>, settings: GuildSettings): Order {
  const { method, crop, baseModel } = settings;
  return { method, crop, trigger: triggerFor(given.name), ...(baseModel !== undefined && { baseModel }), ...given };
}

function orderFrom({ options }: ChatInputCommandInteraction, settings: GuildSettings): Order {
  const subject = subjectChoices.find(({ value }) => value === options.getString('subject', true))?.value ?? 'object';
  const method = options.getString('method');
  const trigger = options.getString('trigger');
  const baseModel = options.getString('base_model');
  const steps = options.getInteger('steps');
  const seed = options.getInteger('seed');
  const given = {
    name: options.getString('name', true),
    subject,
    ...(method !== null && isMethodId(method) && { method }),
    ...(trigger !== null && { trigger }),
    ...(baseModel !== null && { baseModel }),
    ...(steps !== null && { steps }),
    ...(seed !== null && { seed }),
  };
  return completeOrder(given, settings);
}

function photosModal(job: Job): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('photos', job.id))
    .setTitle('Add photos')
    .addLabelComponents(photosField());
}
