import type { CommandView, View } from '../../protocol.ts';
import { findPlace } from '../state/state.ts';

/** The slash commands that one finds in a channel, by name. */
export function commandsIn(view: View, channelId: string): readonly CommandView[] {
  const offered = new Set(findPlace(view, channelId)?.commandIds);
  return view.commands
    .filter(({ id, kind }) => kind === 'slash' && offered.has(id))
    .toSorted((a, b) => a.path.localeCompare(b.path));
}

/** What fits a text like `/con`: names that begin with it first. Undefined where no command is being written. */
export function matchCommands(text: string, commands: readonly CommandView[]): readonly CommandView[] | undefined {
  if (!text.startsWith('/') || text.includes('\n')) return undefined;
  const wanted = text.slice(1).trimStart().toLowerCase();
  const starting = commands.filter(({ path }) => path.startsWith(wanted));
  const others = commands.filter(
    ({ path, description }) => !path.startsWith(wanted) && `${path} ${description}`.toLowerCase().includes(wanted),
  );
  return [...starting, ...others];
}

/** A command that was written or pasted whole: `/train name: Ambika subject: woman`. */
export interface WrittenCommand {
  readonly command: CommandView;
  readonly texts: Readonly<Record<string, string>>;
}

export function parseCommand(text: string, commands: readonly CommandView[]): WrittenCommand | undefined {
  const command = commands
    .filter(({ path }) => new RegExp(`^/${path}(?: |$)`, 'u').test(text))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  return command && { command, texts: textsIn(text.slice(command.path.length + 1), command) };
}

/** Everything from an option's name to the next one's is its value. */
function textsIn(rest: string, { options }: CommandView): Readonly<Record<string, string>> {
  const names = options.map(({ name }) => name).join('|');
  if (names === '') return {};
  const found = [...rest.matchAll(new RegExp(`(?<= )(${names}):`, 'gu'))];
  return Object.fromEntries(
    found.map((match, index) => {
      const value = rest.slice(match.index + match[0].length, found[index + 1]?.index);
      return [match[1] ?? '', value.trim()];
    }),
  );
}
