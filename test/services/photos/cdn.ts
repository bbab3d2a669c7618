import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A place on loopback from which photos are downloaded. */
export interface Cdn extends AsyncDisposable {
  readonly origin: string;
}

export async function startCdn(listener: RequestListener): Promise<Cdn> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
