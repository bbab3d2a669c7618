import type { JSX } from 'preact';
import type { ChannelView, ThreadView } from '../../protocol.ts';
import { Icon } from '../pieces/icon.tsx';
import { iconOf, isThread, titleOf } from '../places/places-of.ts';

/** The beginning of a channel. */
export function ChannelIntro({ place }: { readonly place: ChannelView | ThreadView }): JSX.Element {
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

function introText(place: ChannelView | ThreadView): string {
  if (isThread(place)) return 'The beginning of this thread.';
  return 'The beginning of this channel. Post photos, or type / to see what the bot can do.';
}
