import {
  ButtonStyle,
  ComponentType,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  type APISelectMenuOption,
} from 'discord-api-types/v10';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A message in Discord's own form, as REST and interaction replies both take it. */
export interface Body {
  content: string;
  embeds: APIEmbed[];
  components: Row[];
}

export const colors = { calm: 0x5865f2, good: 0x2d9d5c, warning: 0xd98e04, bad: 0xc93a3a, grey: 0x80848e } as const;

const styles = {
  main: ButtonStyle.Success,
  plain: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
} as const;

export interface Button {
  readonly label: string;
  readonly customId: string;
  readonly style?: keyof typeof styles;
  readonly disabled?: boolean;
}

export function buttons(...row: readonly Button[]): Row {
  return { type: ComponentType.ActionRow, components: row.map(buttonOf) };
}

export function select(customId: string, placeholder: string, options: APISelectMenuOption[]): Row {
  const menu = { type: ComponentType.StringSelect as const, custom_id: customId, placeholder, options };
  return { type: ComponentType.ActionRow, components: [menu] };
}

export interface MenuPart<Option> {
  /** Counts from 1. */
  readonly first: number;
  readonly options: Option[];
}

/** As many as Discord's menus hold: more options than that take several menus. */
const optionsPerMenu = 25;

export function inMenus<Option>(options: readonly Option[]): MenuPart<Option>[] {
  return Array.from({ length: Math.ceil(options.length / optionsPerMenu) }, (_, index) => {
    const start = index * optionsPerMenu;
    return { first: start + 1, options: options.slice(start, start + optionsPerMenu) };
  });
}

function buttonOf({ label, customId, style = 'plain', disabled = false }: Button): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, style: styles[style], label, custom_id: customId, disabled };
}

export interface File {
  readonly name: string;
  readonly data: Buffer;
  readonly contentType: string;
  /** Read aloud to people who do not see the picture. */
  readonly altText: string;
}
