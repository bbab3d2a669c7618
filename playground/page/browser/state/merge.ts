import type { ChangedView, View } from '../../protocol.ts';

interface Identified {
  readonly id: string;
}

/** The view after a change: what came takes the place of what has its id, or is added at the end. */
export function merge(view: View, { set, gone }: Pick<ChangedView, 'set' | 'gone'>): View {
  return {
    guilds: mergeList(view.guilds, set.guilds, gone.guilds),
    people: mergeList(view.people, set.people, gone.people),
    channels: mergeList(view.channels, set.channels, gone.channels),
    threads: mergeList(view.threads, set.threads, gone.threads),
    directs: mergeList(view.directs, set.directs, gone.directs),
    // An order of arrival is no order of time: a message may become visible late.
    messages: byId(mergeList(view.messages, set.messages, gone.messages)),
    commands: mergeList(view.commands, set.commands, gone.commands),
    uses: mergeList(view.uses, set.uses, gone.uses),
  };
}

function mergeList<T extends Identified>(
  before: readonly T[],
  set: readonly T[] = [],
  gone: readonly string[] = [],
): readonly T[] {
  if (set.length === 0 && gone.length === 0) return before;
  const coming = new Map(set.map((one) => [one.id, one]));
  const left = before.filter(({ id }) => !gone.includes(id)).map((one) => coming.get(one.id) ?? one);
  const known = new Set(before.map(({ id }) => id));
  return [...left, ...set.filter(({ id }) => !known.has(id))];
}

function byId<T extends Identified>(list: readonly T[]): readonly T[] {
  const isSorted = list.every(({ id }, index) => index === 0 || (list[index - 1]?.id ?? '') <= id);
  return isSorted ? list : list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
