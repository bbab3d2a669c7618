import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A pattern as it stands in the sources. */
export interface Pattern {
  /** `src/lib/redaction.ts:55 /…/` */
  readonly where: string;
  readonly regex: RegExp;
}

/** What stands in for a part of a pattern that is put together at run time. */
const someWord = 'training';

/** Every literal, and every `new RegExp` whose text can be read from the source; those that cannot are named in `unread`. */
export function patternsIn(folder: string): {
  readonly patterns: readonly Pattern[];
  readonly unread: readonly string[];
} {
  const patterns: Pattern[] = [];
  const unread: string[] = [];
  for (const file of globSync(`${folder}/**/*.ts`).toSorted()) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      if (isPattern(node)) {
        const regex = regexOf(node, source);
        if (regex) patterns.push({ where: `${file}:${line} ${String(regex)}`, regex });
        else unread.push(`${file}: ${node.getText(source)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { patterns, unread };
}

type Written = ts.RegularExpressionLiteral | ts.NewExpression | ts.CallExpression;

function isPattern(node: ts.Node): node is Written {
  if (ts.isRegularExpressionLiteral(node)) return true;
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp';
}

function regexOf(node: Written, source: ts.SourceFile): RegExp | undefined {
  if (ts.isRegularExpressionLiteral(node)) {
    const [, text = '', flags = ''] = /^\/(.*)\/(\w*)$/su.exec(node.getText(source)) ?? [];
    return new RegExp(text, flags);
  }
  const [pattern, flags] = node.arguments ?? [];
  const text = pattern && textOf(pattern);
  return text === undefined ? undefined : new RegExp(text, flags && textOf(flags));
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => `${someWord}${literal.text}`)].join('');
}

/** A text that leads into the pattern, and what is repeated from there on. */
export interface Attack {
  readonly lead: string;
  readonly pump: string;
}

/** Each beginning of a text that the pattern is about, with each piece of it, and each two of them, repeated behind it. */
export function attacksOn(regex: RegExp): readonly Attack[] {
  const attacks = examplesOf(regex).flatMap((pieces) => {
    const leads = ['', '\u0000', ...pieces.map((_, index) => pieces.slice(0, index + 1).join(''))];
    const pairs = pieces.map((_, index) => pieces.slice(index, index + 2).join(''));
    const pumps = new Set([
      ...pieces,
      ...pairs,
      ...pieces.map((piece) => piece.at(-1) ?? ''),
      pieces.join(''),
      'a',
      '1',
      ' ',
    ]);
    return leads.flatMap((lead) => [...pumps].filter(Boolean).map((pump) => ({ lead, pump })));
  });
  return [...new Map(attacks.map((attack) => [JSON.stringify(attack), attack])).values()];
}

/** Ends in what no pattern expects: nothing is found, and all ways of looking for it are tried. */
export function textOfAttack({ lead, pump }: Attack, length: number): string {
  return `${lead}${pump.repeat(Math.ceil(length / pump.length)).slice(0, length)}\u0000`;
}

/** Texts that the pattern is about, in pieces: words, and single characters for everything else. One for each alternative. */
function examplesOf({ source }: Pick<RegExp, 'source'>): readonly (readonly string[])[] {
  const alternatives = Math.max(
    ...Array.from(source.matchAll(/\((?:[^()]*)\)|^.*$/gu), ([text]) => text.split('|').length),
  );
  return Array.from({ length: alternatives }, (_, choice) => wordsOf(walk({ rest: source, choice })));
}

/** Joins single characters that stand beside each other for themselves. */
function wordsOf(pieces: readonly Piece[]): readonly string[] {
  const words: string[] = [];
  pieces.forEach(({ text, isLiteral }, index) => {
    if (isLiteral && pieces[index - 1]?.isLiteral === true) words.push(`${words.pop() ?? ''}${text}`);
    else words.push(text);
  });
  return words.filter((word) => word !== '');
}

interface Piece {
  readonly text: string;
  readonly isLiteral: boolean;
}

interface Walk {
  /** What is left of the pattern. */
  rest: string;
  /** The alternative to follow, the last one where there are fewer. */
  readonly choice: number;
}

/** Follows one alternative of each group, up to the end of the one that it stands in. Optional parts are taken. */
function walk(at: Walk): readonly Piece[] {
  const alternatives: Piece[][] = [[]];
  while (at.rest !== '') {
    const [token] =
      /^(?:\(\?(?:<[\w]+>|<?[=!]|:)|\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\[xu]\{?[0-9a-f]+\}?|\\.|\{[\d,]+\}|.)/isu.exec(
        at.rest,
      ) ?? [''];
    at.rest = at.rest.slice(token.length);
    if (token === ')') break;
    if (token === '|') alternatives.push([]);
    else alternatives.at(-1)?.push(...(token.startsWith('(') ? inGroup(token, at) : pieceOf(token)));
  }
  return alternatives[Math.min(at.choice, alternatives.length - 1)] ?? [];
}

/** What must not follow is walked over. */
function inGroup(opening: string, at: Walk): readonly Piece[] {
  const pieces = walk(at);
  return opening.endsWith('!') ? [] : pieces;
}

const escapes: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  S: 'x',
  D: 'x',
  W: ' ',
  n: '\n',
  r: '\r',
  t: '\t',
};

function pieceOf(token: string): readonly Piece[] {
  if (/^(?:[$*+?^]|\{.*\}|\\[bB])$/s.test(token)) return [];
  if (token.startsWith('[')) return [{ text: memberOf(token), isLiteral: false }];
  if (token === '.') return [{ text: 'x', isLiteral: false }];
  if (!token.startsWith('\\')) return [{ text: token, isLiteral: true }];
  if (/^\\p/i.test(token)) return [{ text: characterWith(token), isLiteral: false }];
  const code = /^\\[xu]\{?([0-9a-f]+)/i.exec(token)?.[1];
  if (code !== undefined) return [{ text: String.fromCodePoint(parseInt(code, 16)), isLiteral: true }];
  const kind = token.slice(1);
  return [{ text: escapes[kind] ?? kind, isLiteral: !(kind in escapes) }];
}

/** The first character of a set that it takes; of a negated one, the first that is not in it. */
function memberOf(set: string): string {
  const flags = set.includes('\\p') ? 'u' : '';
  const takes = new RegExp(`^${set}$`, flags);
  return (
    ['a', '1', ' ', '-', '.', '\u200b', '\u0000', ...Array.from(set)].find((character) => takes.test(character)) ?? 'x'
  );
}

function characterWith(property: string): string {
  return ['é', '1', '\u200b', '\u2028', ' '].find((character) => new RegExp(property, 'u').test(character)) ?? 'é';
}
