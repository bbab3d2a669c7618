import type { Server } from 'node:http';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { World } from '../world.ts';
import { ops, send, serve } from './connection.ts';
import { dispatchOf } from './dispatch.ts';
import type { Session } from './session.ts';
import { deliver, wants } from './session.ts';

/** The gateway, and what can go wrong with it on purpose. */
export interface Gateway {
  /** The sessions that have a live socket. */
  readonly connected: () => readonly Session[];
  /** Cuts every connection, as a broken network does. The bot may resume. */
  drop(): void;
  /** Closes every connection with one of Discord's codes. */
  closeWith(code: number): void;
  /** Takes no new connection, until it does again. */
  refuse(isRefusing: boolean): void;
  /** Forgets every session: a resume is answered with "invalid session", and the bot has to identify anew. */
  forgetSessions(): void;
  /** Tells every client that its session is not valid (op 9), and whether it may be resumed all the same. */
  invalidate(isResumable: boolean): void;
  /** Leaves every connection open and says nothing on it any more, not even to heartbeats; what happens waits for a resume. */
  fallSilent(): void;
  /** Asks every client to reconnect and resume (op 7). */
  askToReconnect(): void;
  close(): void;
}

/** Tells connected bots what changes, by the one stream of changes. */
export function createGateway(world: World, server: Server, url: () => string): Gateway {
  const door = { isShut: false };
  const sockets = new WebSocketServer({ server, path: '/gateway', verifyClient: () => !door.isShut });
  const sessions = new Map<string, Session>();
  sockets.on('connection', (socket) => {
    serve(socket, { world, sessions, url });
  });
  const stopListening = world.changes.on((change) => {
    const dispatch = dispatchOf(world, change);
    if (!dispatch) return;
    for (const session of sessions.values()) {
      if (wants(session, dispatch)) deliver(session, dispatch.name, dispatch.data);
    }
  });

  const toEach = (act: (socket: WebSocket) => void) => () => {
    sockets.clients.forEach(act);
  };
  const drop = toEach((socket) => {
    socket.terminate();
  });
  return {
    connected: () => [...sessions.values()].filter(({ socket }) => socket !== undefined),
    drop,
    closeWith: (code) => {
      sockets.clients.forEach((socket) => {
        socket.close(code);
      });
    },
    refuse: (isRefusing) => {
      door.isShut = isRefusing;
    },
    forgetSessions: () => {
      sessions.clear();
    },
    invalidate: (isResumable) => {
      if (!isResumable) sessions.clear();
      sockets.clients.forEach((socket) => {
        send(socket, ops.invalidSession, isResumable);
      });
    },
    fallSilent: toEach((socket) => {
      socket.removeAllListeners('message');
      for (const session of sessions.values()) if (session.socket === socket) session.socket = undefined;
    }),
    askToReconnect: toEach((socket) => {
      send(socket, ops.reconnect, null);
    }),
    close() {
      stopListening();
      drop();
      sockets.close();
    },
  };
}
