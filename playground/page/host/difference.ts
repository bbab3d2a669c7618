import type { ChangedView, View } from '../protocol.ts';

type Kind = keyof View;

/** What a page has been sent: each thing as JSON, by its kind and id. */
export type Sent = Readonly<Record<Kind, ReadonlyMap<string, string>>>;

export function sentBy(view: View): Sent {
  const byId = (things: readonly { readonly id: string }[]) =>
    new Map(things.map((one) => [one.id, JSON.stringify(one)]));
  const { guilds, people, channels, threads, directs, messages, commands, uses } = view;
  return {
    guilds: byId(guilds),
    people: byId(people),
    channels: byId(channels),
    threads: byId(threads),
    directs: byId(directs),
    messages: byId(messages),
    commands: byId(commands),
    uses: byId(uses),
  };
}

/** What has to be sent so that a page shows `view`; nothing when it does so already. */
export function differenceTo(view: View, before: Sent, after: Sent): ChangedView | undefined {
  const kinds = Object.keys(view) as Kind[]; // `View` has no other keys: viewOf builds it.
  const set = kinds.flatMap((kind) => {
    const fresh = view[kind].filter(({ id }) => before[kind].get(id) !== after[kind].get(id));
    return fresh.length > 0 ? [[kind, fresh] as const] : [];
  });
  const gone = kinds.flatMap((kind) => {
    const ids = [...before[kind].keys()].filter((id) => !after[kind].has(id));
    return ids.length > 0 ? [[kind, ids] as const] : [];
  });
  if (set.length + gone.length === 0) return undefined;
  return { type: 'changed', set: Object.fromEntries(set), gone: Object.fromEntries(gone) };
}
