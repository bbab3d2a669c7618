import type { WebSocket } from 'ws';
import { z } from 'zod';
import { guildCreateWire } from '../wire/guild.ts';
import { userWire } from '../wire/user.ts';
import type { World } from '../world.ts';
import { recordViolation } from '../world.ts';
import { intents } from './dispatch.ts';
import type { Session } from './session.ts';
import { createSession, deliver, replay, wants } from './session.ts';

export const ops = {
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  ack: 11,
} as const;
const closeCodes = {
  unknownOp: 4001,
  undecodable: 4002,
  notAuthenticated: 4003,
  badToken: 4004,
  twice: 4005,
  disallowedIntents: 4014,
} as const;
const privileged = intents.guildMembers | intents.guildPresences | intents.messageContent;

const frame = z.looseObject({ op: z.int(), d: z.unknown().optional() });
const identify = z.looseObject({
  token: z.string(),
  intents: z.int(),
  shard: z.tuple([z.int(), z.int()]).optional(),
});
const resume = z.looseObject({ token: z.string(), session_id: z.string(), seq: z.int() });

/** What all connections share. */
export interface Hub {
  readonly world: World;
  readonly sessions: Map<string, Session>;
  readonly url: () => string;
}

/** Speaks with one socket until it closes. */
export function serve(socket: WebSocket, hub: Hub): void {
  const connection: Connection = { socket, hub, session: undefined };
  send(socket, ops.hello, { heartbeat_interval: hub.world.limits.heartbeatMs });
  socket.on('message', (data: Buffer) => {
    try {
      receive(connection, JSON.parse(data.toString()));
    } catch (error) {
      reject(connection, closeCodes.undecodable, String(error));
    }
  });
  socket.on('close', (code) => {
    const { session } = connection;
    if (session?.socket !== socket) return;
    session.socket = undefined;
    // Discord ends a session that the client closes properly; any other loss leaves it open for a resume.
    if (code === 1000 || code === 1001) hub.sessions.delete(session.id);
    hub.world.changes.record({ type: 'bot-gone', sessionId: session.id });
  });
}

interface Connection {
  readonly socket: WebSocket;
  readonly hub: Hub;
  session: Session | undefined;
}

function receive(connection: Connection, input: unknown): void {
  const { socket } = connection;
  const { op, d } = frame.parse(input);
  if (op === ops.heartbeat) send(socket, ops.ack, null);
  else if (op === ops.identify) start(connection, identify.parse(d));
  else if (op === ops.resume) goOn(connection, resume.parse(d));
  else if (op > ops.ack || op === 0) reject(connection, closeCodes.unknownOp, `op ${op}`);
  // The rest (presence, voice, member lists) is accepted and has no effect here.
  else if (!connection.session) reject(connection, closeCodes.notAuthenticated, `op ${op} before identify`);
}

function start(connection: Connection, asked: z.infer<typeof identify>): void {
  const { socket, hub } = connection;
  const { world } = hub;
  if (connection.session) {
    reject(connection, closeCodes.twice, 'identified twice');
    return;
  }
  if (asked.token.replace(/^Bot /, '') !== world.botToken) {
    reject(connection, closeCodes.badToken, 'wrong token');
    return;
  }
  if ((asked.intents & privileged) !== 0) {
    reject(connection, closeCodes.disallowedIntents, `intents ${asked.intents} include privileged ones`);
    return;
  }
  const session = createSession({ intents: asked.intents, shard: asked.shard ?? [0, 1] }, socket);
  connection.session = session;
  hub.sessions.set(session.id, session);
  greet(world, session, hub.url());
}

function greet(world: World, session: Session, url: string): void {
  const guilds = [...world.guilds.values()].filter(
    ({ id, members }) =>
      members.has(world.bot.id) && wants(session, { name: '', intent: undefined, guildId: id, data: undefined }),
  );
  deliver(session, 'READY', {
    v: 10,
    user: { ...userWire(world.bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: url,
    shard: session.shard,
    application: { id: world.bot.id, flags: 0 },
  });
  if ((session.intents & intents.guilds) !== 0) {
    for (const guild of guilds.filter(({ isDown }) => !isDown))
      deliver(session, 'GUILD_CREATE', guildCreateWire(world, guild));
  }
  world.changes.record({ type: 'bot-ready', sessionId: session.id });
}

function goOn(connection: Connection, asked: z.infer<typeof resume>): void {
  const { socket, hub } = connection;
  const session = hub.sessions.get(asked.session_id);
  if (asked.token.replace(/^Bot /, '') !== hub.world.botToken) {
    reject(connection, closeCodes.badToken, 'wrong token');
    return;
  }
  if (!session) {
    send(socket, ops.invalidSession, false);
    return;
  }
  if (session.socket !== socket) session.socket?.terminate();
  session.socket = socket;
  connection.session = session;
  replay(session, asked.seq);
  deliver(session, 'RESUMED', { _trace: [] });
  hub.world.changes.record({ type: 'bot-resumed', sessionId: session.id });
}

function reject({ socket, hub }: Connection, code: number, detail: string): void {
  recordViolation(hub.world, { code, status: undefined, where: 'gateway', detail });
  socket.close(code, detail.slice(0, 100));
}

export function send(socket: WebSocket, op: number, d: unknown): void {
  socket.send(JSON.stringify({ op, d }));
}
