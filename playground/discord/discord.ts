import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { deleteMessage } from './actions/messages.ts';
import { directChannelWith, overwrite } from './actions/guilds.ts';
import { changeThread, deleteChannel } from './actions/threads.ts';
import type { Changes } from './changes.ts';
import type { JumpingClock } from './clock.ts';
import { createClock } from './clock.ts';
import type { GuildSettings, Guild } from './driver/guild.ts';
import { addGuild } from './driver/guild.ts';
import type { Patience } from './driver/until.ts';
import { until } from './driver/until.ts';
import type { Faults } from './faults.ts';
import { createFaults } from './faults.ts';
import type { Gateway } from './gateway/gateway.ts';
import { createGateway } from './gateway/gateway.ts';
import { watchForLateAnswers } from './late.ts';
import { createLinks } from './links.ts';
import type { Permission } from './permissions.ts';
import type { RequestEntry } from './requests.ts';
import { applicationRoutes } from './rest/applications.ts';
import { createApp } from './rest/app.ts';
import { cdnRoutes } from './rest/cdn.ts';
import { channelRoutes } from './rest/channels.ts';
import { gatewayRoutes } from './rest/gateway.ts';
import { interactionRoutes } from './rest/interactions.ts';
import { messageRoutes } from './rest/messages.ts';
import { threadRoutes } from './rest/threads.ts';
import { userRoutes } from './rest/users.ts';
import { createBodyCheck } from './rules/open-api.ts';
import { findOpenApi } from './rules/find-open-api.ts';
import type { Channel, DirectChannel, TextChannel, Thread } from './state/channel.ts';
import type { Command } from './state/command.ts';
import type { Message } from './state/message.ts';
import type { Violation } from './violations.ts';
import type { Limits, World } from './world.ts';
import { createWorld, discordLimits, messagesIn, threadsOf } from './world.ts';

export interface DiscordOptions {
  /** A free port when not given. */
  readonly port?: number;
  readonly clock?: JumpingClock;
  readonly applicationId?: string;
  readonly botToken?: string;
  readonly limits?: Partial<Limits>;
  /** Where Discord's OpenAPI description lies; `DISCORD_OPENAPI` or a place nearby when not given, `false` for none. */
  readonly openApi?: string | false;
}

/** A Discord on this machine: what a bot connects to, what people do there, and what became of it. */
export interface Discord {
  readonly apiUrl: string;
  readonly cdnOrigin: string;
  readonly botToken: string;
  readonly applicationId: string;
  readonly clock: JumpingClock;
  /** Whether bodies are checked against Discord's own description as well. */
  readonly validates: boolean;
  readonly events: Changes;
  readonly requests: readonly RequestEntry[];
  readonly violations: readonly Violation[];
  readonly faults: Faults;
  readonly gateway: Omit<Gateway, 'close'>;

  addGuild(settings: GuildSettings): Guild;
  /** Resolves once a bot is connected and ready; it may be so already. */
  botReady(patience?: Patience): Promise<void>;
  /** The registered commands. */
  commands(): readonly Command[];
  /** What stands in a channel, oldest first, without ephemeral messages. */
  messages(channel: Pick<Channel, 'id'>): readonly Message[];
  /** The threads that were not deleted, oldest first. */
  threads(channel: Pick<TextChannel, 'id'>): readonly Thread[];
  directChannel(member: { readonly id: string }): DirectChannel;
  until<T>(probe: () => T | undefined | null | false, patience?: Patience): Promise<T>;

  archive(thread: Thread): void;
  lock(thread: Thread): void;
  deleteChannel(channel: Channel): void;
  deleteMessage(message: Message): void;
  /** Takes permissions from the bot in one channel. */
  deny(channel: TextChannel, ...permissions: readonly Permission[]): void;
  allow(channel: TextChannel, ...permissions: readonly Permission[]): void;
  close(): Promise<void>;
}

export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const clock = options.clock ?? createClock();
  const limits = { ...discordLimits, ...options.limits };
  const address: { port: number } = { port: 0 };
  const origin = () => `http://127.0.0.1:${address.port}`;
  const links = createLinks({ clock, lifeMs: limits.linkMs, origin });
  const world = createWorld({ ...options, clock, limits, linkTo: (attachment) => links.sign(attachment) });

  const path = options.openApi === false ? undefined : (options.openApi ?? findOpenApi());
  const checkBody = path === undefined ? undefined : createBodyCheck(path);
  const faults = createFaults();
  const requests: RequestEntry[] = [];
  const app = createApp({ world, faults, requests, checkBody });
  const gatewayUrl = () => `ws://127.0.0.1:${address.port}/gateway`;
  await app.register(
    (api, _options, done) => {
      addRoutes(api, world, gatewayUrl);
      done();
    },
    { prefix: '/api/:version' },
  );
  cdnRoutes(app, world, links);
  const gateway = createGateway(world, app.server, gatewayUrl);
  watchForLateAnswers(world, gateway);
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  // Listening on a TCP port, the address is an AddressInfo.
  address.port = (app.server.address() as AddressInfo).port;

  return {
    apiUrl: `${origin()}/api`,
    cdnOrigin: origin(),
    botToken: world.botToken,
    applicationId: world.bot.id,
    clock,
    validates: checkBody !== undefined,
    events: world.changes,
    requests,
    violations: world.violations,
    faults,
    gateway,
    ...peopleOf(world),
    async botReady(patience) {
      await until(world, () => gateway.connected().length > 0, { what: 'a bot that is ready', ...patience });
    },
    async close() {
      gateway.close();
      await app.close();
    },
  };
}

function addRoutes(api: FastifyInstance, world: World, gatewayUrl: () => string): void {
  gatewayRoutes(api, gatewayUrl);
  applicationRoutes(api, world);
  userRoutes(api, world);
  channelRoutes(api, world);
  messageRoutes(api, world);
  threadRoutes(api, world);
  interactionRoutes(api, world);
}

type People = Pick<
  Discord,
  | 'addGuild'
  | 'commands'
  | 'messages'
  | 'threads'
  | 'directChannel'
  | 'until'
  | 'archive'
  | 'lock'
  | 'deleteChannel'
  | 'deleteMessage'
  | 'deny'
  | 'allow'
>;

/** What can be done and seen here without being a bot. */
function peopleOf(world: World): People {
  return {
    addGuild: (settings) => addGuild(world, settings),
    commands: () => world.commands,
    messages: ({ id }) => messagesIn(world, id),
    threads: ({ id }) => threadsOf(world, id),
    directChannel: ({ id }) => directChannelWith(world, id),
    until: (probe, patience) => until(world, probe, patience),
    archive: (thread) => {
      changeThread(world, thread, { wasArchived: true });
    },
    lock: (thread) => {
      changeThread(world, thread, { isLocked: true });
    },
    deleteChannel: (channel) => {
      deleteChannel(world, channel);
    },
    deleteMessage: (message) => {
      deleteMessage(world, message);
    },
    deny: (channel, ...permissions) => {
      overwrite(world, channel, { userId: world.bot.id, deny: permissions });
    },
    allow: (channel, ...permissions) => {
      overwrite(world, channel, { userId: world.bot.id, allow: permissions });
    },
  };
}
