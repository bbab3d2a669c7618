import { parseInline } from './inline.ts';
import type { Block } from './tree.ts';

/** What the first lines of a text are, and the lines that are left. */
interface Step {
  readonly block: Block;
  readonly rest: readonly string[];
}

type Rule = (lines: readonly string[]) => Step | undefined;

/** A message, a field of an embed, or any other text that Discord formats. */
export function parseBlocks(text: string): readonly Block[] {
  // A block of code may begin within a line, and hides everything else.
  return text.split(/(```[^]+?```)/u).flatMap((part, index) => (index % 2 === 1 ? [codeBlock(part)] : blocksOf(part)));
}

function codeBlock(fenced: string): Block {
  const inside = fenced.slice(3, -3);
  return { type: 'code-block', text: inside.replace(/^[\w+-]*\n/u, '').replace(/\n$/u, '') };
}

function blocksOf(text: string): readonly Block[] {
  const trimmed = text.replace(/^\n|\n$/gu, '');
  const blocks: Block[] = [];
  let lines: readonly string[] = trimmed === '' ? [] : trimmed.split('\n');
  while (lines.length > 0) {
    const step: Step = firstOf(rules, lines) ?? paragraph(lines);
    blocks.push(step.block);
    lines = step.rest;
  }
  return blocks;
}

function firstOf(all: readonly Rule[], lines: readonly string[]): Step | undefined {
  for (const rule of all) {
    const step = rule(lines);
    if (step) return step;
  }
  return undefined;
}

const heading: Rule = ([line = '', ...rest]) => {
  const [, marks, text] = /^(#{1,3}) +(.+)$/u.exec(line) ?? [];
  if (marks === undefined || text === undefined) return undefined;
  return { block: { type: 'heading', level: marks.length as 1 | 2 | 3, children: parseInline(text) }, rest };
};

const subtext: Rule = ([line = '', ...rest]) => {
  const [, text] = /^-# +(.+)$/u.exec(line) ?? [];
  return text === undefined ? undefined : { block: { type: 'subtext', children: parseInline(text) }, rest };
};

const quote: Rule = (lines) => {
  const [first = ''] = lines;
  if (first.startsWith('>>> ')) {
    return { block: { type: 'quote', blocks: blocksOf([first.slice(4), ...lines.slice(1)].join('\n')) }, rest: [] };
  }
  const length = lengthWhile(lines, (line) => /^>(?: |$)/u.test(line));
  if (length === 0) return undefined;
  const inside = lines.slice(0, length).map((line) => line.slice(2));
  return { block: { type: 'quote', blocks: blocksOf(inside.join('\n')) }, rest: lines.slice(length) };
};

const bullet = /^( *)(?:[-*]|(\d+)\.) +(.+)$/u;

/** A line that is indented below an entry belongs to it. */
const list: Rule = (lines) => {
  const [, indent, number] = bullet.exec(lines[0] ?? '') ?? [];
  if (indent === undefined) return undefined;
  const isEntry = (line: string) => {
    const [, at = '', own] = bullet.exec(line) ?? [undefined, ' '.repeat(99)];
    return at.length <= indent.length && (own === undefined) === (number === undefined);
  };
  const length = lengthWhile(lines, (line) => isEntry(line) || /^ {2,}\S/u.test(line));
  const items = entriesOf(lines.slice(0, length), isEntry);
  return {
    block: { type: 'list', isOrdered: number !== undefined, start: Number(number ?? 1), items },
    rest: lines.slice(length),
  };
};

function entriesOf(lines: readonly string[], isEntry: (line: string) => boolean): readonly (readonly Block[])[] {
  const starts = lines.flatMap((line, index) => (isEntry(line) ? [index] : []));
  return starts.map((start, index) => {
    const [first = '', ...more] = lines.slice(start, starts[index + 1]);
    const text = bullet.exec(first)?.[3] ?? '';
    return blocksOf([text, ...more.map((line) => line.replace(/^ {2}/u, ''))].join('\n'));
  });
}

const rules: readonly Rule[] = [heading, subtext, quote, list];

/** Lines up to the next one that is something else. */
function paragraph(lines: readonly string[]): Step {
  const [first = '', ...others] = lines;
  const length = 1 + lengthWhile(others, (_, index) => firstOf(rules, others.slice(index)) === undefined);
  const text = [first, ...others].slice(0, length).join('\n');
  return { block: { type: 'paragraph', children: parseInline(text) }, rest: lines.slice(length) };
}

function lengthWhile(lines: readonly string[], holds: (line: string, index: number) => boolean): number {
  const end = lines.findIndex((line, index) => !holds(line, index));
  return end === -1 ? lines.length : end;
}
