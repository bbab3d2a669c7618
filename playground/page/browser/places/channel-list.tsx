import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import type { Place } from '../state/state.ts';
import { currentChannelId } from '../state/state.ts';
import { unreadIn } from '../state/unread.ts';
import { iconOf, isThread, placesOf } from './places-of.ts';
import { UnreadMark } from './unread-mark.tsx';

/** The channels of a server, with the threads below them; and what the bot told one directly, in whichever server. */
export function ChannelList({ onChoose }: { readonly onChoose?: () => void }): JSX.Element {
  const { state } = usePage();
  const guild = state.view.guilds.find(({ id }) => id === state.guildId);
  const { directs } = state.view;
  const places = guild ? placesOf(state.view, guild.id) : [];
  return (
    <nav class="channel-list" aria-label="Channels">
      <h2>{guild?.name ?? 'No server yet'}</h2>
      {guild?.isAdmin === true && <p class="faint">You manage this server</p>}
      <ul>
        {places.map((place) => (
          <PlaceButton key={place.id} place={place} onChoose={onChoose} />
        ))}
      </ul>
      {directs.length > 0 && (
        <>
          <h3 id="direct-messages">Direct messages</h3>
          <ul aria-labelledby="direct-messages">
            {directs.map((place) => (
              <PlaceButton key={place.id} place={place} onChoose={onChoose} />
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}

interface PlaceOf {
  readonly place: Place;
  readonly onChoose: (() => void) | undefined;
}

function PlaceButton({ place, onChoose }: PlaceOf): JSX.Element {
  const { state, dispatch } = usePage();
  const isHere = currentChannelId(state) === place.id;
  const isUnread = unreadIn(state, place.id).messages > 0;
  return (
    <li class={isThread(place) ? 'place place-thread' : 'place'}>
      <button
        type="button"
        class={isUnread ? 'place-unread' : ''}
        aria-current={isHere ? 'page' : undefined}
        onClick={() => {
          dispatch({ type: 'look', channelId: place.id });
          onChoose?.();
        }}
      >
        <Icon name={iconOf(place)} />
        <span class="place-name">{place.name}</span>
        <UnreadMark channelIds={[place.id]} />
      </button>
    </li>
  );
}
