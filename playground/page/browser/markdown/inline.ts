import type { Inline } from './tree.ts';

/** What a pattern at the present place makes of the text: its groups come in order. */
type Rule = readonly [pattern: RegExp, make: (groups: readonly string[]) => Inline];

/** Lazy, and jumps over what a backslash protects. */
const inside = String.raw`((?:\\[^]|[^\\])+?)`;

const spanning = (type: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler', pattern: string): Rule => [
  new RegExp(pattern, 'uy'),
  ([text = '']) => ({ type, children: parseInline(text) }),
];

/** The first that matches wins: two asterisks are looked for before one. */
const rules: readonly Rule[] = [
  [/\\([^\p{L}\p{N}\s])/uy, ([text = '']) => ({ type: 'text', text })],
  [/``(.+?)``(?!`)/suy, ([text = '']) => ({ type: 'code', text: text.trim() })],
  [/`([^`]+)`/uy, ([text = '']) => ({ type: 'code', text })],
  [/<@!?(\d+)>/uy, ([id = '']) => ({ type: 'member', id })],
  [/<@&(\d+)>/uy, ([id = '']) => ({ type: 'role', id })],
  [/<#(\d+)>/uy, ([id = '']) => ({ type: 'channel', id })],
  [/<\/([^:>]+):\d+>/uy, ([name = '']) => ({ type: 'command', name })],
  [/<t:(-?\d+)(?::([tTdDfFR]))?>/uy, ([at, style = 'f']) => ({ type: 'time', at: Number(at), style })],
  [/@(everyone|here)\b/uy, ([name = '']) => ({ type: 'everyone', name })],
  [
    /\[((?:\\[^]|[^\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/uy,
    ([text = '', url = '']) => ({ type: 'link', url, children: parseInline(text) }),
  ],
  [/<(https?:\/\/[^\s>]+)>/uy, ([url = '']) => link(url)],
  // A full stop or a bracket after an address belongs to the sentence.
  [/(https?:\/\/[^\s<]*[^\s<.,:;!?'"\])*_~|])/uy, ([url = '']) => link(url)],
  spanning('bold', String.raw`\*\*${inside}\*\*(?!\*)`),
  spanning('underline', `__${inside}__(?!_)`),
  spanning('strike', `~~${inside}~~`),
  spanning('spoiler', String.raw`\|\|${inside}\|\|`),
  spanning('italic', String.raw`\*(?=\S)${inside}(?<=\S)\*(?!\*)`),
  // Inside a word an underscore is a letter: `photo_of_me`.
  spanning('italic', String.raw`(?<![\p{L}\p{N}])_(?=\S)${inside}(?<=\S)_(?![\p{L}\p{N}])`),
];

/** The text of one or several lines, without what makes a line a heading, a list or a quotation. */
export function parseInline(text: string): readonly Inline[] {
  const pieces: Inline[] = [];
  let at = 0;
  while (at < text.length) {
    const found = matchAt(text, at);
    pieces.push(found?.piece ?? { type: 'text', text: text.charAt(at) });
    at += found?.length ?? 1;
  }
  return joined(pieces);
}

function matchAt(text: string, at: number): { readonly piece: Inline; readonly length: number } | undefined {
  for (const [pattern, make] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { piece: make(match.slice(1)), length: match[0].length };
  }
  return undefined;
}

function joined(pieces: readonly Inline[]): readonly Inline[] {
  return pieces.reduce<Inline[]>((all, piece) => {
    const last = all.at(-1);
    if (last?.type !== 'text' || piece.type !== 'text') return [...all, piece];
    return [...all.slice(0, -1), { type: 'text', text: last.text + piece.text }];
  }, []);
}

function link(url: string): Inline {
  return { type: 'link', url, children: [{ type: 'text', text: url }] };
}
