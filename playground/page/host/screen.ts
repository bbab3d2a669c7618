import type { FromHost, Panel, View } from '../protocol.ts';
import { differenceTo, sentBy, type Sent } from './difference.ts';

/** What an open page shows, so that only what differs is sent. */
export interface Screen {
  /** Shows everything anew, as one sees it as this member. */
  begin(viewerId: string, view: View): void;
  show(view: View): void;
  showPanel(panel: Panel): void;
}

export function createScreen(send: (message: FromHost) => void): Screen {
  let sent: Sent | undefined;
  const parts = new Map<string, string>();
  return {
    begin(viewerId, view) {
      sent = sentBy(view);
      send({ type: 'view', viewerId, view });
    },
    show(view) {
      const after = sentBy(view);
      const difference = sent && differenceTo(view, sent, after);
      sent = after;
      if (difference) send(difference);
    },
    showPanel(panel) {
      const fresh = Object.entries(panel).filter(([name, part]) => parts.get(name) !== JSON.stringify(part));
      for (const [name, part] of fresh) parts.set(name, JSON.stringify(part));
      if (fresh.length > 0) send({ type: 'panel', ...Object.fromEntries(fresh) });
    },
  };
}
