import type { SelectOptionView, SelectView } from '../../protocol.ts';
import type { State } from '../state/state.ts';
import { findPlace, guildIdOf } from '../state/state.ts';

/** What a menu offers: its own options, or those of the server in which it stands. */
export function optionsFrom(
  { from, options, chosen }: Pick<SelectView, 'from' | 'options' | 'chosen'>,
  { view }: Pick<State, 'view'>,
  channelId: string,
): readonly SelectOptionView[] {
  const guildId = guildIdOf(findPlace(view, channelId));
  const people = view.people.filter((person) => guildId !== undefined && person.guildIds.includes(guildId));
  const roles = view.guilds.find(({ id }) => id === guildId)?.roles ?? [];
  const named = ({ id, name }: { readonly id: string; readonly name: string }) => {
    return { label: name, value: id, description: null, emoji: null, isDefault: chosen.includes(id) };
  };
  switch (from) {
    case 'options':
      return options;
    case 'people':
      return people.map(named);
    case 'roles':
      return roles.map(named);
    case 'people-and-roles':
      return [...people, ...roles].map(named);
    case 'channels':
      return view.channels.filter((channel) => channel.guildId === guildId).map(named);
  }
}
