import type { JSX } from 'preact';
import { Icon } from '../pieces/icon.tsx';
import { iconOf, isDirect, isThread, titleOf } from '../places/places-of.ts';
import type { Place } from '../state/state.ts';

/** The beginning of a channel. */
export function ChannelIntro({ place }: { readonly place: Place }): JSX.Element {
  return (
    <li class="channel-intro">
      <span class="channel-sign" aria-hidden="true">
        <Icon name={iconOf(place)} />
      </span>
      <p class="channel-title">{titleOf(place)}</p>
      <p class="faint">{introText(place)}</p>
    </li>
  );
}

function introText(place: Place): string {
  if (isThread(place)) return 'The beginning of this thread.';
  if (isDirect(place)) return 'What the bot tells you alone: it writes here when it cannot write in the server.';
  return 'The beginning of this channel. Post photos, or type / to see what the bot can do.';
}
