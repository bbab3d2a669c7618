import type { RESTOptions } from 'discord.js';

/** How every REST call to Discord is made. */
export function restOptions(apiUrl: string): Partial<RESTOptions> {
  return {
    api: apiUrl,
    // Uploads count into the time limit: ten crops on a slow line take a while.
    timeout: 60_000,
    // discord.js brings undici 6 and builds uploads with the global FormData. As soon as another undici is loaded its own
    // request refuses those (seen with undici 8 on Node 24.21); the global fetch takes them. The cast bridges the two
    // copies of undici's types: one fetch standard, described twice.
    makeRequest: fetch as unknown as RESTOptions['makeRequest'],
  };
}
