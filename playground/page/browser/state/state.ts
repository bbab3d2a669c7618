import type {
  ChannelView,
  DirectView,
  ModalView,
  Panel,
  PersonView,
  ThreadView,
  View,
  Welcome,
} from '../../protocol.ts';

/** Everything that the page shows, but for what is being typed. */
export interface State {
  readonly link: 'connecting' | 'open' | 'lost';
  readonly welcome: Welcome | undefined;
  /** Undefined until the first view came. */
  readonly viewerId: string | undefined;
  readonly view: View;
  readonly panel: Panel | undefined;
  /** Where one looks, for each server that was looked at; and which server. */
  readonly guildId: string | undefined;
  readonly channelOf: Readonly<Record<string, string>>;
  readonly reading: Reading;
  /** Messages for one person's eyes, and uses that failed, that they put away. */
  readonly dismissed: ReadonlySet<string>;
  readonly typing: readonly TypingNow[];
  readonly modal: ModalView | undefined;
  readonly notices: readonly Notice[];
  /** A command that somebody asked to have filled in, for the composer of that channel. */
  readonly proposal: Proposal | undefined;
  /** The latest thing that somebody who does not see the page should hear. */
  readonly announcement: string;
  readonly stepsDone: ReadonlySet<StepName>;
}

/** How far each person has read: up to which message in general, and in single channels beyond that. */
export type Reading = Readonly<
  Record<string, { readonly upTo: string; readonly channels: Readonly<Record<string, string>> }>
>;

export interface TypingNow {
  readonly channelId: string;
  readonly personId: string;
  readonly until: number;
}

export interface Proposal {
  readonly channelId: string;
  readonly path: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly withSamples: boolean;
}

/** A short word at the edge of the screen. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Where it leads. */
  readonly channelId: string | undefined;
  readonly isTrouble: boolean;
}

/** What a newcomer is told to try, in this order. */
export type StepName = 'order' | 'start' | 'ready' | 'trouble' | 'key';

export const emptyView: View = {
  guilds: [],
  people: [],
  channels: [],
  threads: [],
  directs: [],
  messages: [],
  commands: [],
  uses: [],
};

export const initialState: State = {
  link: 'connecting',
  welcome: undefined,
  viewerId: undefined,
  view: emptyView,
  panel: undefined,
  guildId: undefined,
  channelOf: {},
  reading: {},
  dismissed: new Set(),
  typing: [],
  modal: undefined,
  notices: [],
  proposal: undefined,
  announcement: '',
  stepsDone: new Set(),
};

export function findPerson({ view }: State, id: string | undefined): PersonView | undefined {
  return view.people.find((person) => person.id === id);
}

/** The channel or thread that one looks at. */
export function currentChannelId({ guildId, channelOf }: State): string | undefined {
  return guildId === undefined ? undefined : channelOf[guildId];
}

/** Where one can look. */
export type Place = ChannelView | ThreadView | DirectView;

export function findPlace(view: View, id: string | undefined): Place | undefined {
  return [...view.channels, ...view.threads, ...view.directs].find((place) => place.id === id);
}

/** Of a channel or thread; direct messages belong to none. */
export function guildIdOf(place: Place | undefined): string | undefined {
  return place && 'guildId' in place ? place.guildId : undefined;
}
