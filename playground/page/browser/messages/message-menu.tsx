import type { JSX } from 'preact';
import type { MessageView } from '../../protocol.ts';
import type { Page } from '../page.ts';
import { usePage } from '../page.ts';
import type { MenuGroup } from '../pieces/menu.tsx';
import { Menu } from '../pieces/menu.tsx';
import { findPlace, guildIdOf } from '../state/state.ts';

interface MessageMenuOf {
  readonly message: MessageView;
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** What can be done with a message: the bot's commands for it, and what Discord itself offers. */
export function MessageMenu({ message, at, onClose }: MessageMenuOf): JSX.Element {
  const page = usePage();
  const groups: readonly MenuGroup[] = [
    appsFor(page, message),
    ...(message.isEphemeral ? [] : [forwardsFor(page, message)]),
    { heading: 'Message', items: [copyItem(page, message)] },
  ];
  const offered = groups.filter(({ items }) => items.length > 0);
  return <Menu label="Message actions" groups={offered} at={at} onClose={onClose} />;
}

function appsFor({ state, ask }: Page, { channelId, id }: MessageView): MenuGroup {
  const offered = findPlace(state.view, channelId)?.commandIds ?? [];
  const commands = state.view.commands.filter((one) => one.kind === 'message' && offered.includes(one.id));
  const items = commands.map(({ path }) => ({
    label: path,
    icon: 'aperture' as const,
    choose: () => void ask({ type: 'openContextCommand', channelId, messageId: id, path }),
  }));
  return { heading: 'Apps', items };
}

function forwardsFor({ state, ask }: Page, { channelId, id }: MessageView): MenuGroup {
  const guildId = guildIdOf(findPlace(state.view, channelId));
  const places = state.view.channels.filter((one) => one.guildId === guildId && one.mayWrite);
  const items = places.map(({ id: toChannelId, name }) => ({
    label: `#${name}`,
    icon: 'forward' as const,
    choose: () => void ask({ type: 'forward', channelId, messageId: id, toChannelId }),
  }));
  return { heading: 'Forward to', items };
}

function copyItem({ dispatch }: Page, { content, embeds }: MessageView): MenuGroup['items'][number] {
  const text = [content, ...embeds.flatMap(({ title, description }) => [title ?? '', description ?? ''])];
  const copy = async () => {
    await navigator.clipboard.writeText(text.filter((one) => one !== '').join('\n'));
    dispatch({ type: 'notice', text: 'Copied.' });
  };
  return { label: 'Copy text', icon: 'copy', choose: () => void copy() };
}
