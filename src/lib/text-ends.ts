/**
 * The text without any of these characters at its end. A pattern such as `/x+$/` would do the same, and begin anew at every
 * place of a long row of them that something else follows.
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
