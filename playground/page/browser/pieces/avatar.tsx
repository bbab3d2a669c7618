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

export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== '');
  return words
    .slice(0, words.length > 1 ? 2 : 1)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}

const tones = 6;

function toneOf(name: string): number {
  const letters = Array.from(name, (letter) => letter.codePointAt(0) ?? 0);
  return letters.reduce((sum, letter) => sum + letter, 0) % tones;
}
