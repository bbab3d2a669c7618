import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Link {
  readonly origin: string;
  close(): void;
}

/** Serves `files` by index over one link: all downloads together get `bytesPerSecond`. */
export async function startLink(files: readonly Buffer[], bytesPerSecond: number): Promise<Link> {
  let freeAt = 0;
  async function* send(file: Buffer) {
    for (let at = 0; at < file.length; at += 65_536) {
      const chunk = file.subarray(at, at + 65_536);
      freeAt = Math.max(freeAt, performance.now()) + (chunk.length / bytesPerSecond) * 1000;
      // Timers are a millisecond coarse: small debts are paid together.
      const debtMs = freeAt - performance.now();
      if (debtMs > 4) await sleep(debtMs);
      yield chunk;
    }
  }
  const server = createServer((request, response) => {
    Readable.from(send(files[Number(request.url?.slice(1))] ?? Buffer.alloc(0))).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
