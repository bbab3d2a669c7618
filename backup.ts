import { ConfigError, loadConfig } from './src/config.ts';
import { messageOf } from './src/lib/errors.ts';
import { backUp } from './src/services/database/backup.ts';

/** `npm run backup -- FILE` writes a copy of the database that can be restored, also while the bot runs. */
const [file] = process.argv.slice(2);

if (file === undefined) fail('Cannot back up: say where to, as in "npm run backup -- backups/monday.db"');
else {
  await run(file).catch((error: unknown) => {
    fail(error instanceof ConfigError ? error.message : messageOf(error));
  });
}

async function run(to: string): Promise<void> {
  const { databaseUrl, masterKeys, masterKeysFile } = loadConfig();
  const bytes = await backUp({ url: databaseUrl, file: to, at: Date.now() });
  const keys = masterKeys === undefined ? (masterKeysFile ?? 'data/master.keys') : 'MASTER_KEYS';
  console.log(
    `Wrote ${to} (${(bytes / 1e6).toFixed(1)} MB) and checked it. The API keys in it can only be read with ${keys}: back that up too, in another place.`,
  );
}

function fail(line: string): void {
  console.error(line);
  process.exitCode = 1;
}
