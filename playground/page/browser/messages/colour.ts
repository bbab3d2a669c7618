/** `#rrggbb`; the edge of an embed without a colour of its own stays as it is. */
export function colourText(colour: number | null): string | undefined {
  return colour === null ? undefined : `#${colour.toString(16).padStart(6, '0')}`;
}
