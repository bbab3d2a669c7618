import { UserError } from '../../lib/errors.ts';
import { fingerprintOf, parseApiKey } from '../../services/guilds/api-key.ts';
import type { Actor } from '../../services/jobs/desk/job-editor.ts';
import { underWayStates } from '../../services/jobs/state/job.ts';
import { TrainingApiError } from '../../services/modelslab/training-api-error.ts';
import type { ApiKey } from '../../services/modelslab/training-api.ts';
import { buttons } from '../../services/threads/cards/body.ts';
import { customId } from '../../services/threads/cards/custom-id.ts';
import { replyLater, updateLater } from '../acknowledge.ts';
import { methodsOwn, suggestBaseModels } from '../base-model-choices.ts';
import { adminOf, type Command, type Services } from '../command.ts';
import { changeFrom } from './config-change.ts';
import { accessFrom, accessModal, keyModal, wandbModal } from './config-modals.ts';
import { configPayload } from './config-payload.ts';
import { summary } from './config-summary.ts';

/** Subcommands that change what orders may be started. */
const changesCards: readonly string[] = ['access', 'limits', 'plan'];

/** `/config`: for people who may manage the server, checked here again. */
export const config: Command = {
  payload: configPayload,

  execute: async (interaction, services) => {
    const actor = adminOf(interaction);
    const subcommand = interaction.options.getSubcommand();
    if (subcommand === 'key' || subcommand === 'wandb') {
      await interaction.showModal(subcommand === 'key' ? keyModal(actor.guildId) : wandbModal(actor.guildId));
      return;
    }
    const change = changeFrom(interaction);
    const isChange = Object.keys(change).length > 0;
    if (subcommand === 'access' && !isChange) {
      const settings = await services.settings.get(actor.guildId);
      await interaction.showModal(accessModal(actor.guildId, settings, interaction.guild));
      return;
    }
    await replyLater(interaction);
    if (subcommand === 'forget') {
      await interaction.editReply(await forgetConfirmation(actor, services));
      return;
    }
    const settings = isChange
      ? await services.settings.change(actor.guildId, change)
      : await services.settings.get(actor.guildId);
    // Cards of orders show whether they can be started, and there may be room for some that wait.
    if (isChange && changesCards.includes(subcommand)) await services.desk.refresh(actor.guildId);
    await interaction.editReply(await summary(actor, settings, services));
  },

  autocomplete: (interaction, services) => suggestBaseModels(interaction, services, [methodsOwn]),

  modals: {
    access: async (interaction, services) => {
      const actor = adminOf(interaction);
      await replyLater(interaction);
      const settings = await services.settings.change(actor.guildId, accessFrom(interaction));
      await interaction.editReply(await summary(actor, settings, services));
    },

    key: async (interaction, services) => {
      const { guildId, memberId } = adminOf(interaction);
      await replyLater(interaction);
      const secret = parseApiKey(interaction.fields.getTextInputValue('api_key'));
      services.secrets.add(secret); // Before anything can fail and be logged.
      await checkKey({ secret, fingerprint: fingerprintOf(secret) }, services);
      const { lastFour } = await services.vault.keep(guildId, secret, memberId);
      await services.desk.refresh(guildId);
      await interaction.editReply(
        `ModelsLab accepts the key ending in \`${lastFour}\`, and it is stored encrypted. Members can use /train now; its trainings are billed to this key’s wallet. /config access says who may train, /config limits how much.`,
      );
    },

    wandb: async (interaction, services) => {
      const { guildId, memberId } = adminOf(interaction);
      await replyLater(interaction);
      const pasted = interaction.fields.getTextInputValue('wandb_key');
      await interaction.editReply(await setWandbKey({ guildId, memberId, pasted }, services));
    },
  },

  buttons: {
    forget: async (interaction, { forgetGuild }) => {
      const { guildId } = adminOf(interaction);
      await updateLater(interaction);
      await forgetGuild(guildId);
      await interaction.editReply({
        content:
          'This server’s keys, settings, orders, photos and confirmations are erased. Models stay at ModelsLab; delete them there. /config key sets the bot up again.',
        components: [],
      });
    },
  },
};

interface Pasted extends Pick<Actor, 'guildId' | 'memberId'> {
  readonly pasted: string;
}

async function setWandbKey({ guildId, memberId, pasted }: Pasted, { secrets, wandb }: Services): Promise<string> {
  if (pasted.trim() === '') {
    await wandb.forget(guildId);
    return 'No key of Weights & Biases is stored for this server. Trainings are not reported there.';
  }
  const secret = parseApiKey(pasted, 'wandb.ai/authorize');
  secrets.add(secret); // Before anything can fail and be logged.
  const { lastFour } = await wandb.keep(guildId, secret, memberId);
  return `The Weights & Biases key ending in \`${lastFour}\` is stored encrypted. A member can choose on the order card of a LoRA, under More settings, to have the training reported there.`;
}

/** Any free call proves a key; this one needs nothing else. */
async function checkKey(key: ApiKey, { api, signal }: Services): Promise<void> {
  await api.list(key, signal).catch((error: unknown) => {
    if (!(error instanceof TrainingApiError)) throw error;
    if (error.kind === 'unavailable') throw new UserError(unchecked);
    throw error.kind === 'rejected' && error.reason === 'key' ? new UserError(wrongKey) : error;
  });
}

const wrongKey =
  'ModelsLab does not accept this key, so it was not stored. Copy it again from modelslab.com → API keys, then use /config key once more.';

const unchecked =
  'ModelsLab does not answer at the moment, so the key could not be checked and was not stored. Wait a few minutes, then try again with /config key.';

async function forgetConfirmation(actor: Actor, { desk }: Services) {
  const running = await desk.list(actor, underWayStates);
  const warning =
    running.length === 0
      ? ''
      : `\n**${running.length} running:** they go on at ModelsLab and are billed there, but nobody will be told how they end. Cancel them first with /cancel.`;
  return {
    content: `Erase this server’s keys (ModelsLab and Weights & Biases), its settings, every order, every photo, and what members confirmed? This cannot be undone. The models at ModelsLab are not touched, nor what was posted in threads; the ledger stays, which names nobody.${warning}`,
    components: [buttons({ label: 'Erase everything', customId: customId('forget', actor.guildId), style: 'danger' })],
  };
}
