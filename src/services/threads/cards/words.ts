import { escapeMarkdown } from '@discordjs/formatters';
import { lastOf } from '../../../lib/text.ts';
import type { Job, PlaceInQueue } from '../../jobs/state/job.ts';
import type { UsualTime } from '../../jobs/state/schedule.ts';
import type { Price } from '../../modelslab/methods.ts';

/** `$1.00`, `free` or `billed by the hour`. */
export function price(asked: Price): string {
  if (asked.per === 'hour') return 'billed by the hour';
  return asked.usd === 0 ? 'free' : dollars(asked.usd);
}

export function dollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Far back in steps of ten, so that a line that moves by one does not edit a card for each order in it. */
export function placeText({ place }: PlaceInQueue): string {
  if (place === 1) return 'Next in line';
  if (place <= 10) return `Number ${place} in line`;
  return `Behind ${Math.floor((place - 1) / 10) * 10} others in line`;
}

/** ` in <#thread>`, to stand behind what happens there; nothing when there is no thread. */
export function inThread({ told }: Pick<Job, 'told'>): string {
  return told.threadId === undefined ? '' : ` in <#${told.threadId}>`;
}

/** A time that Discord shows in the reader's own zone and keeps up to date by itself, without an edit. */
export function ago(at: number): string {
  return `<t:${Math.floor(at / 1000)}:R>`;
}

export function clockTime(at: number): string {
  return `<t:${Math.floor(at / 1000)}:t>`;
}

/** `25 to 35 minutes`, from trainings that this bot has seen. */
export function usualText({ fromMs, toMs }: UsualTime): string {
  const [from, to] = [minutes(fromMs), minutes(toMs)];
  return from === to ? count(from, 'minute') : `${from} to ${to} minutes`;
}

/** `2 minutes` or `3 hours`, never less than it is. */
export function span(ms: number): string {
  const wholeMinutes = Math.max(1, Math.ceil(ms / 60_000));
  return wholeMinutes < 120 ? count(wholeMinutes, 'minute') : count(Math.ceil(wholeMinutes / 60), 'hour');
}

/** Somebody else's text as it is: nothing in it is taken for formatting, mentions somebody, or becomes a link with another name. */
export function plain(text: string): string {
  const escaped = escapeMarkdown(text, { heading: true, bulletedList: true, numberedList: true, maskedLink: true });
  return escaped.replaceAll('<', '\\<');
}

/** What the provider said itself, as a quotation behind our own words; nothing when it said nothing. */
export function itsWords(said: string | undefined): string {
  return said === undefined ? '' : `\nIts words:\n> ${plain(said).replaceAll('\n', '\n> ')}`;
}

export function title(name: string): string {
  return `“${plain(name)}”`;
}

/** A message holds 2000 characters; the names of the people it mentions may count for more than they show. */
const charsInMessage = 1900;

/** Of lines that say anything no more fit into a message. */
export const mostLines = 60;

interface Fitting {
  /** Says how many of the lines are left out. */
  readonly rest: (more: number) => string;
  /** How many there are besides the lines. */
  readonly left?: number;
  /** Is always there. */
  readonly below?: readonly string[];
}

/** As many lines as a message holds; when some are left out, `rest` says so. */
export function fitLines(lines: readonly string[], { rest, left = 0, below = [] }: Fitting): string {
  const all = [...lines, ...below].join('\n');
  if (left === 0 && all.length <= charsInMessage) return all;
  const ending = (shown: number) => [rest(lines.length - shown), ...below];
  let room = charsInMessage - ending(0).join('\n').length; // No ending says a higher number than this one.
  const shown = lines.findIndex((line) => (room -= line.length + 1) < 0);
  const count = shown === -1 ? lines.length : shown;
  return [...lines.slice(0, count), ...ending(count)].join('\n');
}

function minutes(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000));
}

/** Somebody else's lines as they are, the last ones when there are too many for a message. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${lastOf(text.replaceAll('`', 'ˋ'), 1500)}\n\`\`\``;
}
