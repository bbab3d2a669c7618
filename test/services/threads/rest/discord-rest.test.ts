import * as client from 'discord.js';
import { expect, it } from 'vitest';
import * as ours from '../../../../src/services/threads/rest/discord-rest.ts';

it.each(['DiscordAPIError', 'HTTPError', 'RateLimitError', 'REST'] as const)(
  'knows the %s of the client, whose build of the package is another one than an import gives',
  (name) => {
    expect(ours[name]).toBe(client[name]);
  },
);
