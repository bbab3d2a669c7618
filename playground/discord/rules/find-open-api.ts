import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Discord's OpenAPI description, where it is at hand: `DISCORD_OPENAPI`, or beside the project. */
export function findOpenApi(): string | undefined {
  const nearby = fileURLToPath(new URL('../../../../shared/discord/openapi.json', import.meta.url));
  return [process.env['DISCORD_OPENAPI'], nearby].find((path) => path !== undefined && existsSync(path));
}
