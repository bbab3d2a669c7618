import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ModalDialog } from './forms/modal-dialog.tsx';
import { usePage } from './page.ts';
import { PanelColumn } from './panel/panel.tsx';
import { Dialog } from './pieces/dialog.tsx';
import { IconButton } from './pieces/icon-button.tsx';
import { useWide } from './pieces/use-wide.ts';
import { ChannelList } from './places/channel-list.tsx';
import { Conversation } from './places/conversation.tsx';
import { GuildRail } from './places/guild-rail.tsx';
import { Notices } from './places/notices.tsx';
import { UnreadMark } from './places/unread-mark.tsx';
import { NextStep } from './steps/next-step.tsx';
import { TopBar } from './places/top-bar.tsx';

const wideChannels = 800;
const widePanel = 1200;

/** The whole page: columns side by side where there is room, drawers where there is not. */
export function App(): JSX.Element {
  const { state } = usePage();
  const { channels, threads, directs } = state.view;
  const hasChannels = useWide(wideChannels);
  const hasPanel = useWide(widePanel);
  const [drawer, setDrawer] = useState<'channels' | 'panel'>();
  const close = () => {
    setDrawer(undefined);
  };
  const places = (
    <div class="places">
      <GuildRail />
      <ChannelList onChoose={close} />
    </div>
  );
  return (
    <>
      <TopBar />
      <div class="columns">
        {hasChannels && places}
        <Conversation
          before={
            !hasChannels && (
              <span class="marked">
                <IconButton
                  icon="menu"
                  label="Servers and channels"
                  aria-haspopup="dialog"
                  onClick={() => setDrawer('channels')}
                />
                <UnreadMark channelIds={[...channels, ...threads, ...directs].map(({ id }) => id)} />
              </span>
            )
          }
          after={
            !hasPanel && (
              <IconButton
                icon="panel"
                label="Behind the scenes"
                aria-haspopup="dialog"
                onClick={() => setDrawer('panel')}
              />
            )
          }
          below={!hasPanel && <NextStep onAll={() => setDrawer('panel')} />}
        />
        {hasPanel && <PanelColumn />}
      </div>
      {drawer === 'channels' && !hasChannels && (
        <Dialog title="Servers and channels" kind="drawer-left" onClose={close}>
          {places}
        </Dialog>
      )}
      {drawer === 'panel' && !hasPanel && (
        <Dialog title="Behind the scenes" kind="drawer-right" onClose={close}>
          <PanelColumn onLeave={close} />
        </Dialog>
      )}
      {state.modal && <ModalDialog key={state.modal.id} modal={state.modal} />}
      <Notices />
      <p class="visually-hidden" role="status" aria-live="polite">
        {state.announcement}
      </p>
    </>
  );
}
