import { loadConfig } from './src/config.ts';
import { messageOf } from './src/lib/errors.ts';
import { backUp } from './src/services/database/backup.ts';
import { generatedFile } from './src/services/guilds/master-keys.ts';

/** `npm run backup -- FILE` writes a copy of the database that can be restored, also while the bot runs. */
try {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('Cannot back up: say where to, as in "npm run backup -- backups/monday.db"');
  const { databaseUrl, masterKeys, masterKeysFile } = loadConfig();
  const bytes = await backUp({ url: databaseUrl, file, at: Date.now() });
  const keys = masterKeys === undefined ? (masterKeysFile ?? generatedFile) : 'MASTER_KEYS';
  console.log(
    `Wrote ${file} (${(bytes / 1e6).toFixed(1)} MB) and checked it. The API keys in it can only be read with ${keys}: back that up too, in another place.`,
  );
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
