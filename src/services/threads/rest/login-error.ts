import { messageOf } from '../../../lib/errors.ts';
import { DiscordAPIError, HTTPError, RateLimitError } from './discord-rest.ts';

export const tokenNotAccepted =
  'Discord does not accept DISCORD_TOKEN: copy it again from discord.com/developers/applications → your application → Bot → Reset Token, and start again.';

/** For the operator: why Discord could not be asked at all, in one line, and what to do. */
export function loginErrorText(error: unknown): string {
  const isTokenInvalid = error instanceof Error && 'code' in error && error.code === 'TokenInvalid';
  if (isTokenInvalid || (error instanceof DiscordAPIError && error.status === 401)) return tokenNotAccepted;
  if (error instanceof DiscordAPIError) return `Discord refuses it (${error.message}). Check DISCORD_GUILD_ID.`;
  if (error instanceof RateLimitError)
    return `Discord wants to be left alone: try again in ${minutes(error.retryAfter)}.`;
  if (error instanceof HTTPError) {
    return `Discord does not answer as it should (${error.status}). Look at discordstatus.com, check DISCORD_API_URL, and try again.`;
  }
  return `Discord cannot be reached (${messageOf(error)}). Check the network and DISCORD_API_URL, and try again.`;
}

function minutes(ms: number): string {
  const count = Math.max(1, Math.round(ms / 60_000));
  return count === 1 ? 'a minute' : `${count} minutes`;
}
