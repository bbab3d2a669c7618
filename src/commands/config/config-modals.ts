import {
  ChannelSelectMenuBuilder,
  LabelBuilder,
  ModalBuilder,
  RoleSelectMenuBuilder,
  type Guild,
  type ModalSubmitInteraction,
} from 'discord.js';
import { UserError } from '../../lib/errors.ts';
import type { ChannelId, GuildId, RoleId } from '../../lib/ids.ts';
import type { GuildSettings } from '../../services/guilds/guild-settings.ts';
import { customId } from '../../services/threads/cards/custom-id.ts';
import { siteTypes } from '../../services/threads/site.ts';
import { textField } from '../fields.ts';

type Access = Pick<GuildSettings, 'roles' | 'channels'>;

/** As many of each as can be shown together with all other settings. */
const longestList = 10;

/** `guild` tells which of the chosen ones are still there: Discord refuses a form that names others. Throws `UserError` while it does not. */
export function accessModal(guildId: GuildId, { roles, channels }: Access, guild: Guild | null): ModalBuilder {
  // The form would be empty, and sent like that it opens training to everybody.
  if (!guild?.available && roles.length + channels.length > 0) throw new UserError(notToldYet);
  const rolesLeft = roles.filter((id) => guild?.roles.cache.has(id));
  const channelsLeft = channels.filter((id) => guild?.channels.cache.has(id));
  return new ModalBuilder()
    .setCustomId(customId('access', guildId))
    .setTitle('Who may train')
    .addLabelComponents(rolesField(rolesLeft), channelsField(channelsLeft));
}

export function accessFrom({ fields }: ModalSubmitInteraction): Access {
  const roles = fields.getSelectedRoles('roles')?.keys() ?? [];
  const channels = fields.getSelectedChannels('channels')?.keys() ?? [];
  return { roles: [...roles] as RoleId[], channels: [...channels] as ChannelId[] };
}

const notToldYet =
  'Discord has not told me yet which roles and channels this server has. Nothing was changed: try again in a minute.';

function rolesField(chosen: readonly RoleId[]): LabelBuilder {
  const menu = new RoleSelectMenuBuilder()
    .setCustomId('roles')
    .setDefaultRoles([...chosen])
    .setMinValues(0)
    .setMaxValues(longestList)
    .setRequired(false);
  return new LabelBuilder()
    .setLabel('Members with one of these roles')
    .setDescription('None chosen: everybody who may use the commands. People who manage this server always may.')
    .setRoleSelectMenuComponent(menu);
}

function channelsField(chosen: readonly ChannelId[]): LabelBuilder {
  const menu = new ChannelSelectMenuBuilder()
    .setCustomId('channels')
    .setChannelTypes(...siteTypes)
    .setDefaultChannels([...chosen])
    .setMinValues(0)
    .setMaxValues(longestList)
    .setRequired(false);
  return new LabelBuilder()
    .setLabel('In these channels and their threads')
    .setDescription('None chosen: everywhere.')
    .setChannelSelectMenuComponent(menu);
}

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
