import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { MockAgent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import { createTrainingApi } from '../../../src/services/modelslab/client.ts';
import { key, never, order, rejection, startProvider, startScripted } from './loopback-provider.ts';

const started = { status: 'success', messege: 'deploying_gpu', training_id: 'F5jvdzGnYi' };
const listed = { status: 'success', messege: 'model list', data: ['a1'] };

/** A bare TCP server; what it does to a connection is the test's. */
async function startTcp(handle: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    handle(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const apiAt = (baseUrl: string, limits = {}) => createTrainingApi({ baseUrl, sandboxUrl: baseUrl, limits });

describe('connections', () => {
  it('are kept for free calls and opened anew for each paid one', async () => {
    const provider = await startProvider((response, request) => {
      response.end(JSON.stringify(request.url?.endsWith('finetune_list') ? listed : started));
    });
    const api = provider.api();
    for (let call = 0; call < 10; call += 1) await api.list(key, never);
    const kept = provider.connections();
    // undici may open a second one before it trusts the first to be idle.
    expect(kept).toBeLessThanOrEqual(2);
    for (let call = 0; call < 3; call += 1) await api.start(order, key, never);
    expect(provider.connections()).toBe(kept + 3);
    await api.list(key, never);
    expect(provider.connections()).toBe(kept + 3);
  });

  it('of a paid call are closed when it is over', async () => {
    const provider = await startProvider((response) => response.end(JSON.stringify(started)));
    const closed = new Promise((resolve) => {
      provider.server.once('connection', (socket: Socket) => socket.once('close', resolve));
    });
    await provider.api().start(order, key, never);
    await closed;
  });

  it('take only the free calls through a given dispatcher', async () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    const provider = await startScripted({ json: started });
    const api = provider.api({ dispatcher });
    await expect(api.start(order, key, never)).resolves.toBe('F5jvdzGnYi');
    await expect(api.list(key, never)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('a request that provably was not sent is "unavailable", so that it may be sent again', () => {
  it('when nobody listens', async () => {
    const api = apiAt(`http://127.0.0.1:${await freePort()}`);
    await expect(api.start(order, key, never)).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'Cannot start the training: no connection',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('when nobody listens on any address of the name', async () => {
    const api = apiAt(`http://localhost:${await freePort()}`);
    await expect(api.start(order, key, never)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('when the name is unknown', async () => {
    await expect(apiAt('http://no-such-host.invalid').start(order, key, never)).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('when the other side hangs up during the TLS handshake, though its code is that of a lost answer', async () => {
    const host = await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await expect(apiAt(`https://${host}`).start(order, key, never)).rejects.toMatchObject({
      kind: 'unavailable',
      cause: { code: 'ECONNRESET' },
    });
  });

  it('when the other side speaks no TLS', async () => {
    const host = await startTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(apiAt(`https://${host}`).start(order, key, never)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('when the handshake takes longer than a connection may', async () => {
    const host = await startTcp(() => undefined);
    const api = apiAt(`https://${host}`, { connectMs: 50 });
    await expect(api.start(order, key, never)).rejects.toMatchObject({
      kind: 'unavailable',
      cause: { code: 'UND_ERR_CONNECT_TIMEOUT' },
    });
  });
});

const breakOff = (socket: Socket, text: string) => socket.write(text, () => socket.resetAndDestroy());
const cut = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${text}`;

describe('an answer that got lost is "ambiguous" for a paid call and "unavailable" for a free one', () => {
  it.each([
    ['reset before the headers', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['closed before the headers', (socket: Socket) => socket.once('data', () => socket.end())],
    ['reset within the headers', (socket: Socket) => socket.once('data', () => breakOff(socket, 'HTTP/1.1 2'))],
    ['closed within the body', (socket: Socket) => socket.once('data', () => socket.end(cut('{"status":')))],
    ['reset within the body', (socket: Socket) => socket.once('data', () => breakOff(socket, cut('{"st')))],
    ['no HTTP', (socket: Socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n'))],
    ['silent', () => undefined],
    ['silent after the headers', (socket: Socket) => socket.once('data', () => socket.write(cut('')))],
    ['dripping for ever', (socket: Socket) => socket.once('data', drip.bind(null, socket))],
  ])('%s', async (_name, handle) => {
    let connections = 0;
    const host = await startTcp((socket) => {
      connections += 1;
      handle(socket);
    });
    const api = apiAt(`http://${host}`, { freeMs: 150, paidMs: 150 });
    await expect(api.start(order, key, never)).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(connections).toBe(1);
    await expect(api.list(key, never)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(connections).toBe(2);
  });

  function drip(socket: Socket) {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    const timer = setInterval(() => socket.write(' '), 10);
    socket.once('close', () => {
      clearInterval(timer);
    });
  }

  it('longer than we read, though it would be a success, or, for a free call, "malformed"', async () => {
    const provider = await startScripted({ json: { ...started, data: 'x'.repeat(1_000_000) } });
    const api = provider.api();
    await expect(api.start(order, key, never)).rejects.toMatchObject({ kind: 'ambiguous' });
    await expect(api.wallet(key, never)).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('without an end', async () => {
    const provider = await startProvider((response) => {
      const more = () => void response.write('x'.repeat(65_536), (error) => error ?? setImmediate(more));
      more();
    });
    await expect(provider.api().start(order, key, never)).rejects.toMatchObject({ kind: 'ambiguous' });
  });
});

describe('an answer that comes slowly', () => {
  it('is waited for, byte by byte', async () => {
    const provider = await startProvider((response) => {
      const bytes = JSON.stringify(started).split('');
      const timer = setInterval(() => {
        const byte = bytes.shift();
        if (byte !== undefined) return void response.write(byte);
        clearInterval(timer);
        response.end();
      }, 1);
    });
    await expect(provider.api().start(order, key, never)).resolves.toBe('F5jvdzGnYi');
  });
});

describe('the signal of the caller', () => {
  const reason = new Error('shutting down');
  /** Nothing but the signal can end a call within the time of a test. */
  const patient = { connectMs: 3_600_000, freeMs: 3_600_000, paidMs: 3_600_000 };

  it('ends a free call with its reason', async () => {
    const provider = await startProvider(() => undefined);
    const controller = new AbortController();
    const call = rejection(provider.api().list(key, controller.signal));
    await provider.nextRequest();
    controller.abort(reason);
    await expect(call).resolves.toBe(reason);
  });

  it('ends a free call that still waits for its connection', async () => {
    const controller = new AbortController();
    const host = await startTcp(() => {
      controller.abort(reason);
    });
    await expect(rejection(apiAt(`https://${host}`, patient).list(key, controller.signal))).resolves.toBe(reason);
  });

  it('keeps any call from being sent', async () => {
    const provider = await startScripted({ json: started });
    const api = provider.api();
    const gone = AbortSignal.abort(reason);
    await expect(rejection(api.list(key, gone))).resolves.toBe(reason);
    await expect(rejection(api.start(order, key, gone))).resolves.toBe(reason);
    expect(provider.connections()).toBe(0);
  });

  it('ends a paid call whose connection does not stand yet, since nothing was sent', async () => {
    const controller = new AbortController();
    const host = await startTcp(() => {
      controller.abort(reason);
    });
    await expect(rejection(apiAt(`https://${host}`, patient).start(order, key, controller.signal))).resolves.toBe(
      reason,
    );
  });

  it('never interrupts a paid call that may have been sent, so that its answer is not lost', async () => {
    const controller = new AbortController();
    const provider = await startProvider((response) => {
      controller.abort(reason);
      setImmediate(() => response.end(JSON.stringify(started)));
    });
    await expect(provider.api().start(order, key, controller.signal)).resolves.toBe('F5jvdzGnYi');
  });
});

describe('a paid request that may not leave any more when its connection stands', () => {
  it.each(['start', 'draw'] as const)('never leaves, and is known not to have left: %s', async (call) => {
    const provider = await startProvider((response) => response.end(JSON.stringify(started)));
    const asked: number[] = [];
    const mayLeave = () => {
      asked.push(provider.received.length);
      return false;
    };
    const api = provider.api();
    const sent =
      call === 'start'
        ? api.start(order, key, never, mayLeave)
        : api.draw(
            { method: 'lora-sdxl', trainingId: 't1' as TrainingId, prompt: 'a', count: 1 },
            key,
            never,
            mayLeave,
          );
    await expect(sent).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toEqual([0]);
    expect(provider.received).toEqual([]);
    expect(await api.start(order, key, never, () => true)).toBe('F5jvdzGnYi');
  });
});
