import type { ChangedView, FromHost, PanelNews, Typing, Welcome, WholeView } from '../../protocol.ts';
import { announcementOf, noticesOf } from './arrivals.ts';
import { merge } from './merge.ts';
import { placeIn } from './place.ts';
import type { Proposal, State } from './state.ts';
import { currentChannelId, findPlace, guildIdOf, initialState } from './state.ts';
import { stepsAfter } from './steps.ts';
import { beginReading, markRead } from './unread.ts';

export type Action =
  | { readonly type: 'heard'; readonly message: FromHost; readonly at: number }
  | { readonly type: 'link'; readonly link: State['link'] }
  | { readonly type: 'look'; readonly channelId: string }
  | { readonly type: 'enter'; readonly guildId: string }
  | { readonly type: 'dismiss'; readonly id: string }
  | { readonly type: 'close-modal' }
  /** Goes to the channel and lays the command out there; `undefined` once the composer took it. */
  | { readonly type: 'propose'; readonly proposal: Proposal | undefined }
  | { readonly type: 'notice'; readonly text: string; readonly isTrouble?: boolean }
  | { readonly type: 'forget-notice'; readonly id: number };

/** Pure. What one looks at counts as read after every step. */
export function reduce(state: State, action: Action): State {
  const next = leave(state, step(state, action));
  const reading = markRead(next, currentChannelId(next));
  const stepsDone = stepsAfter(next);
  return reading === next.reading && stepsDone === next.stepsDone ? next : { ...next, reading, stepsDone };
}

/** What was read out of one place, or to one person, is not left lying about in another. */
function leave(before: State, next: State): State {
  const isSame = before.viewerId === next.viewerId && currentChannelId(before) === currentChannelId(next);
  return isSame || next.announcement !== before.announcement ? next : { ...next, announcement: '' };
}

function step(state: State, action: Action): State {
  switch (action.type) {
    case 'heard':
      return hear(state, action.message, action.at);
    case 'link':
      return { ...state, link: action.link, ...(action.link === 'lost' && { modal: undefined, typing: [] }) };
    case 'look':
      return look(state, action.channelId);
    case 'enter':
      return placeIn({ ...state, guildId: action.guildId });
    case 'dismiss':
      return { ...state, dismissed: new Set([...state.dismissed, action.id]) };
    case 'close-modal':
      return { ...state, modal: undefined };
    case 'propose':
      return { ...(action.proposal ? look(state, action.proposal.channelId) : state), proposal: action.proposal };
    case 'notice':
      return withNotices(state, [{ text: action.text, channelId: undefined, isTrouble: action.isTrouble ?? false }]);
    case 'forget-notice':
      return { ...state, notices: state.notices.filter(({ id }) => id !== action.id) };
  }
}

function hear(state: State, message: FromHost, at: number): State {
  switch (message.type) {
    case 'welcome':
      return greet(state, message);
    case 'view':
      return seeAll(state, message);
    case 'changed':
      return seeChange(state, message);
    case 'panel':
      return { ...state, panel: panelAfter(state, message) };
    case 'typing':
      return { ...state, typing: typingAfter(state, message, at) };
    case 'modal':
      return { ...state, modal: message.modal };
    case 'done':
    case 'choices':
    case 'refused':
      return state;
  }
}

/** A playground that was started again knows nothing of what was there before, and has given everybody other ids. */
function greet(state: State, welcome: Welcome): State {
  const before = state.welcome?.viewers[0]?.id;
  if (before === undefined || before === welcome.viewers[0]?.id) return { ...state, link: 'open', welcome };
  const notice = { text: startedAgainText, channelId: undefined, isTrouble: false };
  return withNotices({ ...initialState, link: 'open', welcome }, [notice]);
}

const startedAgainText = 'The playground was started again: everything is as it was at the beginning.';

function seeAll(state: State, { viewerId, view }: WholeView): State {
  const isSame = state.viewerId === viewerId;
  const next = { ...state, viewerId, view, typing: [], reading: beginReading(state.reading, viewerId, view.messages) };
  return placeIn(isSame ? next : { ...next, modal: undefined });
}

function seeChange(state: State, change: ChangedView): State {
  const next = placeIn({ ...state, view: merge(state.view, change) });
  const wrote = (change.set.messages ?? []).map(({ authorId, channelId }) => `${channelId} ${authorId}`);
  const typing = state.typing.filter(({ channelId, personId }) => !wrote.includes(`${channelId} ${personId}`));
  const heard = announcementOf(state, next);
  const announced = { ...next, typing, announcement: heard ?? state.announcement };
  return withNotices(announced, noticesOf(state, next));
}

/** The first news of the panel is whole. */
function panelAfter({ panel }: State, { type: _, ...news }: PanelNews): State['panel'] {
  const { provider = panel?.provider, bot = panel?.bot, trouble = panel?.trouble, samples = panel?.samples } = news;
  if (!provider || !bot || !trouble || !samples) return panel;
  return { provider, bot, trouble, samples };
}

const typingMs = 10_000;

function typingAfter({ typing }: State, { channelId, personId }: Typing, at: number): State['typing'] {
  const others = typing.filter((one) => one.until > at && (one.channelId !== channelId || one.personId !== personId));
  return [...others, { channelId, personId, until: at + typingMs }];
}

function look(state: State, channelId: string): State {
  const place = findPlace(state.view, channelId);
  // Direct messages are read beside whichever server one is in.
  const guildId = guildIdOf(place) ?? state.guildId;
  if (!place || guildId === undefined) return state;
  const notices = state.notices.filter((notice) => notice.channelId !== channelId);
  return { ...state, guildId, channelOf: { ...state.channelOf, [guildId]: channelId }, notices };
}

/** More than a few hide the page. */
const mostNotices = 3;

function withNotices(state: State, notices: readonly Omit<State['notices'][number], 'id'>[]): State {
  if (notices.length === 0) return state;
  const first = (state.notices.at(-1)?.id ?? 0) + 1;
  const numbered = notices.map((notice, index) => ({ ...notice, id: first + index }));
  return { ...state, notices: [...state.notices, ...numbered].slice(-mostNotices) };
}
