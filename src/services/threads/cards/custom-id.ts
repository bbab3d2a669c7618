/** What a button, select or modal does: the first part of its custom id. */
export type Verb =
  | 'start'
  | 'add'
  | 'photos'
  | 'remove'
  | 'removed'
  | 'adjust'
  | 'photo'
  | 'frame'
  | 'method'
  | 'crop'
  | 'settings'
  | 'set'
  | 'discard'
  | 'cancel'
  | 'details'
  | 'retry'
  | 'is-training'
  | 'adopt'
  | 'resend'
  | 'drop'
  | 'request'
  | 'pictures'
  | 'draw'
  | 'delete'
  | 'erase'
  | 'name'
  | 'key'
  | 'wandb'
  | 'access'
  | 'forget'
  | 'forget-me';

/** `verb:id[:more]`, at most 100 characters. Components outlive the process, so all they need is in here. */
export function customId(verb: Verb, id: string, more?: string | number): string {
  return [verb, id, ...(more === undefined ? [] : [more])].join(':');
}

export interface CustomId {
  readonly verb: string;
  readonly id: string;
  readonly more: string | undefined;
}

export function parseCustomId(text: string): CustomId {
  const [verb = '', id = '', ...more] = text.split(':');
  return { verb, id, more: more.length === 0 ? undefined : more.join(':') };
}
