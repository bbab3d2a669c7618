import type { RESTOptions } from './discord-rest.ts';
import type { Transport } from './transport.ts';

/** A wait of this length is worth it; whoever would wait longer is told, and comes again. */
const longestWaitMs = 15_000;

/** How every REST call to Discord is made. Nothing waits long for a rate limit to end. */
export function restOptions(apiUrl: string, border: Transport): Partial<RESTOptions> {
  return {
    api: apiUrl,
    // Uploads count into the time limit: ten crops on a slow line take a while.
    timeout: 60_000,
    // discord.js brings undici 6 and builds uploads with the global FormData. As soon as another undici is loaded its own
    // request refuses those (seen with undici 8 on Node 24.21); the global fetch takes them. The cast bridges the two
    // copies of undici's types: one fetch standard, described twice.
    makeRequest: border as unknown as RESTOptions['makeRequest'],
    rejectOnRateLimit: ({ retryAfter }) => retryAfter > longestWaitMs,
  };
}
