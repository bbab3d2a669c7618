import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Attachment } from '../../discord/state/message.ts';
import type { Upload } from '../../discord/state/upload.ts';
import type { Panel } from '../protocol.ts';
import { paths } from '../protocol.ts';
import type { Playground } from './playground.ts';
import { openSession, type Session } from './session.ts';

/** Says that something in the side panel has changed, for what the stand-ins do not tell themselves. */
export type PanelNews = EventEmitter<{ changed: [] }>;

/** The open pages. */
export interface Live {
  close(): void;
}

export interface LiveDeps {
  readonly server: Server;
  readonly isAllowed: (request: IncomingMessage) => boolean;
  readonly playground: Playground;
  readonly news: PanelNews;
  readonly panel: () => Panel;
  readonly findFile: (fileId: string) => Upload;
  readonly linkTo: (attachment: Attachment) => string;
}

/** Much happens at once; each burst is shown once. */
const burstMs = 30;
/** Calls per minute go down when nothing happens at all. */
const idleMs = 2_000;
const largestAskBytes = 1024 * 1024;

export function serveLive({ server, isAllowed, playground, news, panel, ...deps }: LiveDeps): Live {
  const { discord, modelsLab } = playground;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestAskBytes });
  const sessions = new Map<WebSocket, Session>();
  const view = inBursts(() => {
    for (const session of sessions.values()) session.refresh();
  });
  const side = inBursts(() => {
    const shown = panel();
    for (const session of sessions.values()) session.showPanel(shown);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url !== paths.live || !isAllowed(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      sessions.set(opened, serve(opened, { ...deps, playground, panelChanged: side.soon }));
      side.soon();
      opened.on('close', () => sessions.delete(opened));
    });
  });
  const stops = [
    discord.events.on((change) => {
      for (const session of sessions.values()) session.tell(change);
      if (change.type !== 'request') view.soon();
    }),
    modelsLab.events.subscribe(side.soon),
  ];
  news.on('changed', side.soon);
  const idle = setInterval(side.soon, idleMs);

  return {
    close() {
      clearInterval(idle);
      news.off('changed', side.soon);
      for (const stop of stops) stop();
      for (const socket of sockets.clients) socket.terminate();
      view.stop();
      side.stop();
    },
  };
}

function serve(socket: WebSocket, deps: Omit<Parameters<typeof openSession>[0], 'send'>): Session {
  const session = openSession({
    ...deps,
    send: (message) => {
      socket.send(JSON.stringify(message));
    },
  });
  socket.on('message', (data: Buffer) => {
    // A page of another version, or no page at all: it is better off without a connection.
    session.hear(data.toString()).catch(() => {
      socket.close(1008);
    });
  });
  return session;
}

function inBursts(task: () => void): { readonly soon: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon() {
      timer ??= setTimeout(() => {
        timer = undefined;
        task();
      }, burstMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
