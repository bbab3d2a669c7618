import { describe, expect, it } from 'vitest';
import type { Action } from '../../../playground/page/browser/state/reduce.ts';
import { reduce } from '../../../playground/page/browser/state/reduce.ts';
import type { State } from '../../../playground/page/browser/state/state.ts';
import { currentChannelId, emptyView, initialState } from '../../../playground/page/browser/state/state.ts';
import { unreadIn } from '../../../playground/page/browser/state/unread.ts';
import type { ChannelView, FromHost, MessageView, View } from '../../../playground/page/protocol.ts';

const channel = (id: string, guildId = 'g1'): ChannelView => ({
  id,
  guildId,
  name: id,
  mayWrite: true,
  mayAttach: true,
  commandIds: [],
});

const message = (id: string, more: Partial<MessageView> = {}): MessageView => ({
  id,
  channelId: 'c1',
  authorId: 'bot',
  authorName: 'Darkroom',
  isBot: true,
  createdAt: 0,
  editedAt: null,
  isEphemeral: false,
  isLoading: false,
  mentionsMe: false,
  usedBy: null,
  repliesTo: null,
  forwarded: null,
  threadId: null,
  content: 'hello',
  embeds: [],
  components: [],
  attachments: [],
  ...more,
});

const view: View = {
  ...emptyView,
  guilds: [
    { id: 'g1', name: 'One', isAdmin: false, roles: [] },
    { id: 'g2', name: 'Two', isAdmin: false, roles: [] },
  ],
  channels: [channel('c1'), channel('c2'), channel('c3', 'g2')],
  messages: [message('1')],
};

const heard = (said: FromHost): Action => ({ type: 'heard', message: said, at: 1000 });
const seen = (viewerId: string, shown: View = view) => heard({ type: 'view', viewerId, view: shown });
const changed = (...messages: readonly MessageView[]) => heard({ type: 'changed', set: { messages }, gone: {} });
const after = (...actions: readonly Action[]): State => actions.reduce(reduce, initialState);

describe('the place', () => {
  it('is the first channel of the first server to begin with', () => {
    expect(currentChannelId(after(seen('bob')))).toBe('c1');
  });

  it('is remembered for each server', () => {
    const state = after(
      seen('bob'),
      { type: 'look', channelId: 'c2' },
      { type: 'enter', guildId: 'g2' },
      { type: 'enter', guildId: 'g1' },
    );
    expect(currentChannelId(state)).toBe('c2');
  });

  it('moves on when the channel is gone or may not be seen any more', () => {
    const gone = heard({ type: 'changed', set: {}, gone: { channels: ['c2'] } });
    expect(currentChannelId(after(seen('bob'), { type: 'look', channelId: 'c2' }, gone))).toBe('c1');
  });
});

describe('a change', () => {
  it('takes the place of what has its id, and keeps messages in the order of their ids', () => {
    const { view: now } = after(
      seen('bob'),
      changed(message('3'), message('1', { content: 'edited' })),
      changed(message('2')),
    );
    expect(now.messages.map(({ id, content }) => [id, content])).toEqual([
      ['1', 'edited'],
      ['2', 'hello'],
      ['3', 'hello'],
    ]);
  });

  it('takes away what is gone', () => {
    const state = after(seen('bob'), heard({ type: 'changed', set: {}, gone: { messages: ['1'] } }));
    expect(state.view.messages).toEqual([]);
  });
});

describe('what was not read', () => {
  const elsewhere = { channelId: 'c2' };

  it('is what others wrote in a channel that one does not look at', () => {
    const state = after(
      seen('bob'),
      changed(
        message('2', elsewhere),
        message('3', { ...elsewhere, authorId: 'bob' }),
        message('4', { ...elsewhere, mentionsMe: true }),
      ),
      changed(message('5')),
    );
    expect(unreadIn(state, 'c2')).toEqual({ messages: 2, mentions: 1 });
    expect(unreadIn(state, 'c1')).toEqual({ messages: 0, mentions: 0 });
    expect(unreadIn(reduce(state, { type: 'look', channelId: 'c2' }), 'c2').messages).toBe(0);
  });

  it('is kept for each person while one looks as another', () => {
    const later: View = { ...view, messages: [...view.messages, message('2', elsewhere)] };
    expect(unreadIn(after(seen('bob'), seen('ada'), seen('bob', later)), 'c2').messages).toBe(1);
    expect(unreadIn(after(seen('bob'), seen('ada', later)), 'c2').messages).toBe(0);
  });

  it('is told at once when it mentions the person, with the way there', () => {
    const state = after(seen('bob'), changed(message('2', { ...elsewhere, mentionsMe: true })));
    expect(state.notices).toMatchObject([{ text: 'Darkroom mentioned you in #c2', channelId: 'c2' }]);
    expect(reduce(state, { type: 'look', channelId: 'c2' }).notices).toEqual([]);
  });

  it('is told at once when it is a direct message, which is read beside the server where one is', () => {
    const direct = { id: 'd', personId: 'bot', name: 'Darkroom', mayWrite: false, mayAttach: false, commandIds: [] };
    const arrived = message('2', { channelId: 'd' });
    const state = after(
      seen('bob'),
      { type: 'enter', guildId: 'g2' },
      heard({ type: 'changed', set: { directs: [direct], messages: [arrived] }, gone: {} }),
    );
    expect(state.notices).toMatchObject([{ text: 'Darkroom wrote you a direct message', channelId: 'd' }]);
    expect(unreadIn(state, 'd')).toEqual({ messages: 1, mentions: 1 });
    const there = reduce(state, { type: 'look', channelId: 'd' });
    expect([there.guildId, currentChannelId(there), unreadIn(there, 'd').messages]).toEqual(['g2', 'd', 0]);
    expect(currentChannelId(reduce(there, { type: 'enter', guildId: 'g1' }))).toBe('c1');
  });

  it('is told of an edit to nobody', () => {
    const first = message('2', { ...elsewhere, mentionsMe: true });
    const state = after(
      seen('bob'),
      changed(first),
      { type: 'look', channelId: 'c2' },
      { type: 'look', channelId: 'c1' },
    );
    expect(reduce(state, changed({ ...first, editedAt: 5 })).notices).toEqual([]);
  });
});

describe('what is read out', () => {
  it('is what arrives where one looks, once it says something', () => {
    const thinking = after(seen('bob'), changed(message('2', { isLoading: true, content: '' })));
    expect(thinking.announcement).toBe('');
    expect(reduce(thinking, changed(message('2', { content: '**Done**.' }))).announcement).toBe('Darkroom: Done.');
  });
});

describe('a playground that is found again', () => {
  const people = (id: string) => [{ id, name: 'Ada', isBot: false, guildIds: ['g1'] }];
  const welcome = (id: string) =>
    heard({ type: 'welcome', viewers: people(id), uploads: { largestBytes: 1, mostFilesPerMessage: 10 } });
  const lost: Action = { type: 'link', link: 'lost' };

  it('goes on where it was', () => {
    const state = after(
      welcome('ada'),
      seen('ada'),
      { type: 'look', channelId: 'c2' },
      lost,
      welcome('ada'),
      seen('ada'),
    );
    expect([state.link, currentChannelId(state), state.notices]).toEqual(['open', 'c2', []]);
  });

  it('begins anew when it was started again, and says so', () => {
    const state = after(welcome('ada'), seen('ada'), lost, welcome('other'));
    expect(state.view).toEqual(emptyView);
    expect(state.notices[0]?.text).toMatch(/started again/);
  });
});

describe('somebody who writes', () => {
  const typing = heard({ type: 'typing', channelId: 'c1', personId: 'bot' });

  it('shows until their message comes', () => {
    expect(after(seen('bob'), typing).typing).toEqual([{ channelId: 'c1', personId: 'bot', until: 11_000 }]);
    expect(after(seen('bob'), typing, changed(message('2'))).typing).toEqual([]);
  });
});

describe('a form', () => {
  const modal = heard({ type: 'modal', ask: 1, modal: { id: 'm', title: 'Key', parts: [] } });

  it('closes when one becomes somebody else, or the playground is gone', () => {
    expect(after(seen('bob'), modal).modal?.title).toBe('Key');
    expect(after(seen('bob'), modal, seen('bob')).modal?.title).toBe('Key');
    expect(after(seen('bob'), modal, seen('ada')).modal).toBeUndefined();
    expect(after(seen('bob'), modal, { type: 'link', link: 'lost' }).modal).toBeUndefined();
  });
});
