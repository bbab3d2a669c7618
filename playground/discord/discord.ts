import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Changes } from './changes.ts';
import type { JumpingClock } from './clock.ts';
import { createClock } from './clock.ts';
import type { People } from './driver/people.ts';
import { createPeople } from './driver/people.ts';
import type { Patience } from './driver/until.ts';
import { until } from './driver/until.ts';
import type { Faults } from './faults.ts';
import { createFaults } from './faults.ts';
import type { Gateway } from './gateway/gateway.ts';
import { createGateway } from './gateway/gateway.ts';
import { watchForLateAnswers } from './late.ts';
import { createLinks } from './links.ts';
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
import type { Violation } from './violations.ts';
import type { Limits, World } from './world.ts';
import { createWorld, discordLimits, newBotToken } from './world.ts';

export interface DiscordOptions {
  /** A free port when not given. */
  readonly port?: number;
  readonly clock?: JumpingClock;
  readonly applicationId?: string;
  readonly botToken?: string;
  /** Discord's own where not given. */
  readonly limits?: Partial<Limits>;
}

/** A Discord on this machine: what a bot connects to, what people do there, and what became of it. */
export interface Discord extends People {
  readonly apiUrl: string;
  readonly cdnOrigin: string;
  readonly botToken: string;
  readonly applicationId: string;
  readonly clock: JumpingClock;
  /** Everything that changes, in order; the gateway itself lives on it. */
  readonly events: Changes;
  /** Every REST call, in order. */
  readonly requests: readonly RequestEntry[];
  /** What the real Discord would have refused or punished. Empty, after a bot that does all right. */
  readonly violations: readonly Violation[];
  readonly faults: Faults;
  readonly gateway: Omit<Gateway, 'close'>;
  /** How many connections the bot may begin until its day is over. */
  leaveStarts(starts: World['sessionStarts']): void;
  /** Its owner has a new token made, which it gives: the one from before is not accepted any more. */
  resetToken(): string;

  /** Resolves once a bot is connected and ready; it may be so already. */
  botReady(patience?: Patience): Promise<void>;
  close(): Promise<void>;
}

export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const clock = options.clock ?? createClock();
  const limits = { ...discordLimits, ...options.limits };
  const address: { port: number } = { port: 0 };
  const origin = () => `http://127.0.0.1:${address.port}`;
  const links = createLinks({ clock, lifeMs: limits.linkMs, origin });
  const world = createWorld({ ...options, clock, limits, linkTo: (attachment) => links.sign(attachment) });

  const faults = createFaults();
  const requests: RequestEntry[] = [];
  const app = createApp({ world, faults, requests });
  const gatewayUrl = () => `ws://127.0.0.1:${address.port}/gateway`;
  await addRoutes(app, world, gatewayUrl);
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
    events: world.changes,
    requests,
    violations: world.violations,
    faults,
    gateway,
    leaveStarts: (starts) => {
      world.sessionStarts = starts;
    },
    resetToken: () => (world.botToken = newBotToken(world.bot.id)),
    ...createPeople(world),
    async botReady(patience) {
      await until(world, () => gateway.connected().length > 0, { what: 'a bot that is ready', ...patience });
    },
    async close() {
      gateway.close();
      await app.close();
    },
  };
}

async function addRoutes(app: FastifyInstance, world: World, gatewayUrl: () => string): Promise<void> {
  const routes = (api: FastifyInstance, _options: unknown, done: () => void) => {
    gatewayRoutes(api, world, gatewayUrl);
    applicationRoutes(api, world);
    userRoutes(api, world);
    channelRoutes(api, world);
    messageRoutes(api, world);
    threadRoutes(api, world);
    interactionRoutes(api, world);
    done();
  };
  await app.register(routes, { prefix: '/api/:version' });
}
