import { escapeMarkdown } from 'discord.js';
import type { Subject } from '../modelslab/training-api.ts';
import type { UsualTime } from '../jobs/schedule.ts';

/** `$1.00` or `free`. */
export function price(usd: number): string {
  return usd === 0 ? 'free' : `$${usd.toFixed(2)}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
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

/** What somebody else wrote, as a quotation that can neither format nor mention anything. */
export function quote(text: string): string {
  return `> ${escapeMarkdown(text).replaceAll('\n', '\n> ')}`;
}

/** The names people choose may hold characters that Discord would take for formatting. */
export function title(name: string): string {
  return `“${escapeMarkdown(name)}”`;
}

const subjectWords: Readonly<Record<Subject, string>> = {
  man: 'man',
  woman: 'woman',
  couple: 'couple',
  object: 'object',
  style: 'style',
};

/** A prompt that shows the model at its best; the trigger word is what calls it. */
export function promptFor(trigger: string, subject: Subject): string {
  if (subject === 'style') return `a harbour town at sunset, in ${trigger} style, detailed`;
  return `photo of ${trigger} ${subjectWords[subject]}, natural light, detailed, sharp focus`;
}

function minutes(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000));
}

/** Somebody else's lines as they are, the last ones when there are too many for a message. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${text.replaceAll('`', 'ˋ').slice(-1500)}\n\`\`\``;
}
