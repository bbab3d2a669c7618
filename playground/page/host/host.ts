import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { discordLimits, type Limits } from '../../discord/world.ts';
import type { Panel } from '../protocol.ts';
import { browserRoutes } from './browser-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { contentPolicy, isForHost, isFromHost } from './guard.ts';
import { createLinkBook } from './links.ts';
import { serveLive, type PanelNews } from './live.ts';
import { startPlayground, type Playground } from './playground.ts';
import { providerView } from './provider-view.ts';
import { drawSamples, type Samples } from './samples.ts';
import { createUploads } from './uploads.ts';

/** The playground with its page, on an address of this machine. */
export interface Host {
  readonly url: string;
  readonly playground: Playground;
  /** Resolves when the sample photos are there. */
  readonly samplesDrawn: Promise<void>;
  close(): Promise<void>;
}

export interface HostOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** How many times faster than real the trainings go at the start. */
  readonly speed?: number;
  readonly limits?: Partial<Limits>;
}

/** All uploads together; who adds more loses the oldest. */
const heldBytes = 20 * discordLimits.attachmentBytes;

export async function startHost({ port = 0, ...options }: HostOptions = {}): Promise<Host> {
  const news: PanelNews = new EventEmitter();
  const panelChanged = () => news.emit('changed');
  const playground = await startPlayground({ ...options, onChange: panelChanged });
  const { discord, modelsLab } = playground;
  const closing = new AbortController();
  const samples = drawSamples(playground.isSetUp, panelChanged, closing.signal);
  const uploads = createUploads(heldBytes);
  const app = fastify({ bodyLimit: 4 * discordLimits.attachmentBytes, forceCloseConnections: true });
  const portOf = () => (app.server.address() as AddressInfo).port; // Listening on a TCP port.
  guard(app, portOf);
  fileRoutes(app, { uploads, samples });
  browserRoutes(app, (scripts) =>
    contentPolicy({ scripts, pictures: [discord.cdnOrigin, new URL(modelsLab.url).origin] }),
  );
  const live = serveLive({
    server: app.server,
    isAllowed: (request) => isFromHost(request, portOf()),
    playground,
    news,
    panel: () => panelOf(playground, samples),
    findFile: (fileId) => samples.find(fileId)?.file ?? uploads.get(fileId),
    linkTo: createLinkBook(
      (attachment) => discord.linkTo(attachment),
      () => discord.clock.now(),
    ),
  });
  const closeAll = async () => {
    closing.abort();
    live.close();
    await Promise.all([app.close(), playground.close(), samples.drawn]);
  };
  try {
    await app.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    await closeAll();
    throw error;
  }
  return { url: `http://127.0.0.1:${portOf()}`, playground, samplesDrawn: samples.drawn, close: closeAll };
}

function panelOf({ modelsLab, accounts, speed, bot, trouble }: Playground, samples: Samples): Panel {
  return {
    provider: providerView({ modelsLab, accounts, speed: speed.get(), now: Date.now() }),
    bot: bot.view(),
    trouble: trouble.view(),
    samples: samples.view(),
  };
}

/** A page from elsewhere can reach loopback as well: it may neither read here nor drive anything. */
function guard(app: FastifyInstance, port: () => number): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({
      'cache-control': 'no-store',
      'content-security-policy': contentPolicy({ scripts: [], pictures: [] }),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const isAllowed = isReading ? isForHost(request.raw, port()) : isFromHost(request.raw, port());
    if (isAllowed) done();
    else void reply.code(403).send({ why: 'This is for the page of the playground alone.' });
  });
}
