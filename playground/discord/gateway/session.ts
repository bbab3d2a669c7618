import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Dispatch } from './dispatch.ts';

export interface Identity {
  readonly intents: number;
  readonly shard: readonly [id: number, count: number];
}

/** What the gateway remembers of one bot connection. It outlives its socket, so that it can be resumed. */
export interface Session extends Identity {
  readonly id: string;
  /** Everything sent so far; a resume replays what the client has not seen. */
  readonly sent: { readonly op: 0; readonly s: number; readonly t: string; readonly d: unknown }[];
  socket: WebSocket | undefined;
}

export function createSession(identity: Identity, socket: WebSocket): Session {
  return { ...identity, id: randomBytes(16).toString('hex'), sent: [], socket };
}

export function wants(session: Session, { intent, guildId }: Dispatch): boolean {
  if (intent !== undefined && (session.intents & intent) === 0) return false;
  const [id, count] = session.shard;
  // Direct messages go to the first shard, a guild to the one its id says.
  const shard = guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
  return shard === id;
}

/** Numbers an event and sends it; while the socket is gone it waits for a resume. */
export function deliver(session: Session, name: string, data: unknown): void {
  const payload = { op: 0, s: session.sent.length + 1, t: name, d: data } as const;
  session.sent.push(payload);
  session.socket?.send(JSON.stringify(payload));
}

export function replay(session: Session, seen: number): void {
  for (const payload of session.sent.filter(({ s }) => s > seen)) session.socket?.send(JSON.stringify(payload));
}
