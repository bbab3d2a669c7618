import { ModalBuilder } from 'discord.js';
import type { GuildId } from '../../lib/ids.ts';
import { customId } from '../../services/threads/cards/custom-id.ts';
import { textField } from '../fields.ts';

const maxLength = 200;

export function keyModal(guildId: GuildId): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('key', guildId))
    .setTitle('ModelsLab API key')
    .addLabelComponents(
      textField({
        id: 'api_key',
        label: 'API key of your ModelsLab account',
        description: 'From modelslab.com → API keys; not your Discord password. It is stored encrypted.',
        maxLength,
        required: true,
      }),
    );
}

/** A field that is sent empty takes the key back. */
export function wandbModal(guildId: GuildId): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('wandb', guildId))
    .setTitle('Weights & Biases key')
    .addLabelComponents(
      textField({
        id: 'wandb_key',
        label: 'API key of Weights & Biases',
        description: 'From wandb.ai/authorize. It is stored encrypted. Empty: the stored one is removed.',
        maxLength,
      }),
    );
}
