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
  /** Forgets every session: a resume is answered with "invalid session", and the bot has to identify anew. */
  forgetSessions(): void;
  /** Asks every client to reconnect and resume (op 7). */
  askToReconnect(): void;
  close(): void;
}

/** Tells connected bots what changes, by the one stream of changes. */
export function createGateway(world: World, server: Server, url: () => string): Gateway {
  const sockets = new WebSocketServer({ server, path: '/gateway' });
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
    forgetSessions: () => {
      sessions.clear();
    },
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
