import type { JSX } from 'preact';
import { Icon } from './icon.tsx';

export interface AvatarOf {
  readonly name: string;
  readonly isBot?: boolean;
}

/** The first letters on a colour of their own; the bot has a sign. The name stands beside it, so it is not read out. */
export function Avatar({ name, isBot = false }: AvatarOf): JSX.Element {
  return (
    <span class={isBot ? 'avatar avatar-bot' : `avatar tone-${toneOf(name)}`} aria-hidden="true">
      {isBot ? <Icon name="aperture" /> : initials(name)}
    </span>
  );
}

/** The first letter of each word, as they are: Discord's sign for a server without a picture. */
export function initials(name: string): string {
  return Array.from(name.matchAll(/(?<=^|\s)\S/gu), ([letter]) => letter).join('');
}

const tones = 6;

function toneOf(name: string): number {
  const letters = Array.from(name, (letter) => letter.codePointAt(0) ?? 0);
  return letters.reduce((sum, letter) => sum + letter, 0) % tones;
}
