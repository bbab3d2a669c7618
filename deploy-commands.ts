import { REST } from './src/services/threads/rest/discord-rest.ts';
import { Routes } from 'discord.js';
import { commands } from './src/commands/index.ts';
import { ConfigError, loadConfig } from './src/config.ts';
import { systemClock } from './src/lib/clock.ts';
import { createTransport, restOptions } from './src/services/threads/rest/transport.ts';
import { loginErrorText } from './src/services/threads/rest/login-error.ts';
import { createRegistration } from './src/services/threads/rest/registration.ts';

/** `npm run deploy` registers the commands with Discord; `-- --dry-run` prints them instead and needs no token. */
const payloads = commands.flatMap(({ payload }) => payload ?? []);

if (process.argv.includes('--dry-run')) console.log(JSON.stringify(payloads, null, 2));
else {
  await deploy().catch((error: unknown) => {
    console.error(
      error instanceof ConfigError ? error.message : `Cannot register the commands: ${loginErrorText(error)}`,
    );
    process.exitCode = 1;
  });
}

async function deploy(): Promise<void> {
  const { discordToken, discordApiUrl, guildId } = loadConfig();
  const border = createTransport({ clock: systemClock, onAnswer: () => undefined, onTokenLost: () => undefined });
  const rest = new REST(restOptions(discordApiUrl, border)).setToken(discordToken);
  const { id } = (await rest.get(Routes.currentApplication())) as { id: string };
  const registered = await createRegistration(rest, id, guildId).replace(payloads);
  console.log(`${registered} commands registered${guildId === undefined ? '' : ` in server ${guildId}`}.`);
}
