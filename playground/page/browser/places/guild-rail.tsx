import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { initials } from '../pieces/avatar.tsx';
import { placesOf } from './places-of.ts';
import { UnreadMark } from './unread-mark.tsx';

/** The servers. */
export function GuildRail(): JSX.Element {
  const { state, dispatch } = usePage();
  return (
    <nav class="guild-rail" aria-label="Servers">
      <ul>
        {state.view.guilds.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              class="guild"
              aria-current={id === state.guildId ? 'true' : undefined}
              title={name}
              onClick={() => dispatch({ type: 'enter', guildId: id })}
            >
              <span aria-hidden="true">{initials(name)}</span>
              <span class="visually-hidden">{name}</span>
            </button>
            {id !== state.guildId && <UnreadMark channelIds={placesOf(state.view, id).map((place) => place.id)} />}
          </li>
        ))}
      </ul>
    </nav>
  );
}
