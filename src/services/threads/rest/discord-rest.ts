import { createRequire } from 'node:module';
import type * as Rest from '@discordjs/rest';

/*
 * The package has two builds, each with classes of its own. discord.js loads the one for `require`: an error of its client
 * is no instance of the class that an `import` gives (seen with 2.6.3). Everybody here takes the classes from this file.
 */
const rest = createRequire(import.meta.url)('@discordjs/rest') as typeof Rest;

export const { DiscordAPIError, HTTPError, RateLimitError, REST } = rest;
export type DiscordAPIError = Rest.DiscordAPIError;
export type REST = Rest.REST;
export type RESTOptions = Rest.RESTOptions;
