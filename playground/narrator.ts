import { styleText } from 'node:util';
import type { Change, Changes } from './discord/changes.ts';
import { textOf } from './discord/driver/describe.ts';
import { isLoading, type Message } from './discord/state/message.ts';

/** Prints what people at the stand-in see and do, as it happens. */
export interface Narrator {
  /** What somebody does. */
  say(who: string, does: string): void;
  /** Something about the demo itself. */
  note(text: string): void;
}

export interface Audience {
  readonly changes: Changes;
  readonly nameOf: (userId: string) => string;
}

export function createNarrator({ changes, nameOf }: Audience): Narrator {
  const startedAt = performance.now();
  const print = (text: string) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
    console.log(`${styleText('dim', seconds)}  ${text.replaceAll('\n', '\n         ')}`);
  };
  const readable = (text: string) => plainTimes(text).replaceAll(/<@(\d+)>/g, (_, id: string) => `@${nameOf(id)}`);
  changes.on((change) => {
    const line = lineFor(change);
    if (line) print(readable(line));
  });
  return {
    say: (who, does) => {
      print(`${styleText('cyan', who)} ${does}`);
    },
    note: (text) => {
      print(styleText('dim', text));
    },
  };
}

function lineFor(change: Change): string | undefined {
  switch (change.type) {
    case 'thread-created':
      return styleText('bold', `thread “${change.thread.name}” opens`);
    case 'message-created':
      return isLoading(change.message) ? undefined : shown(change.message, 'writes');
    case 'message-edited':
      return isLoading(change.message) ? undefined : shown(change.message, 'now says');
    case 'violation':
      return styleText('red', `Discord would refuse this: ${change.violation.where}: ${change.violation.detail}`);
    default:
      return undefined;
  }
}

function shown(message: Message, verb: string): string {
  const pictures = message.embeds.flatMap(({ image }) => image?.url ?? []);
  const files = [...message.attachments.map(({ name }) => name), ...pictures].map((one) => `[${one}]`).join(' ');
  const audience = message.ephemeralFor === undefined ? '' : ' (only to the one who asked)';
  return `${styleText('green', message.author.name)} ${verb}${audience}:\n${[textOf(message), files].filter(Boolean).join('\n')}`;
}

/** Discord shows these in the reader's own time zone; here they are plain. */
function plainTimes(text: string): string {
  return text.replaceAll(/<t:(\d+):(\w)>/g, (_, seconds: string, style: string) => {
    const at = new Date(Number(seconds) * 1000);
    return style === 'R'
      ? `${Math.max(0, Math.round((Date.now() - at.getTime()) / 1000))} s ago`
      : at.toLocaleTimeString();
  });
}
