import { loadConfig } from './src/config.ts';
import { systemClock } from './src/lib/clock.ts';
import { messageOf } from './src/lib/errors.ts';
import { openDatabaseOfBot, type Database } from './src/services/database/database.ts';
import { emptyLog } from './src/services/database/checkpoint.ts';
import { findOtherFirstKey, createStoredKeys, type Rotation } from './src/services/guilds/stored-keys.ts';
import { createKeyvAdapter } from './src/services/guilds/keyv-adapter.ts';
import { addMasterKey, generatedFile, readMasterKeys, type MasterKey } from './src/services/guilds/master-keys.ts';

/**
 * `npm run rotate-keys` encrypts every stored key with the first master key; `-- --new` puts a new one first instead, for
 * the bot to learn at its next start. Both may run while the bot does.
 */
try {
  const { masterKeys: keys, masterKeysFile: file, databaseUrl } = loadConfig();
  const sources = { keys, file, generatedFile };
  if (process.argv.includes('--new')) console.log(addedText(await addMasterKey(sources)));
  else await rotate(await readMasterKeys(sources), databaseUrl);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

function addedText([first, ...others]: readonly MasterKey[]): string {
  return [
    `The master key ${first?.id ?? ''} stands first, before ${named(others)}. Nothing is encrypted with it yet.`,
    'Back the keys up, restart the bot, then run "npm run rotate-keys".',
  ].join('\n');
}

async function rotate(masterKeys: readonly MasterKey[], databaseUrl: string): Promise<void> {
  const db = await openDatabaseOfBot(databaseUrl);
  try {
    const other = await findOtherFirstKey(createKeyvAdapter(db, systemClock), masterKeys);
    if (other !== undefined) {
      throw new Error(
        `Nothing was changed: the bot was last started with the master key ${other} first, and ${named(masterKeys.slice(0, 1))} stands first here. Restart it with these master keys, then run this again.`,
      );
    }
    console.log(await rotateAll(db, masterKeys));
  } finally {
    await db.destroy();
  }
}

async function rotateAll(db: Database, masterKeys: readonly MasterKey[]): Promise<string> {
  const rotateOne = (purpose: 'modelslab' | 'wandb') =>
    createStoredKeys({ purpose, storage: createKeyvAdapter(db, systemClock), masterKeys }).rotate();
  const rotations = [
    { of: 'ModelsLab', ...(await rotateOne('modelslab')) },
    { of: 'Weights & Biases', ...(await rotateOne('wandb')) },
  ];
  await emptyLog(db); // There the records still stand as the old key encrypted them.
  return [...rotations.map(countText), ...adviceOn(rotations, masterKeys)].join('\n');
}

function countText({ of, resealed, current, unreadable }: Rotation & { readonly of: string }): string {
  return `Keys of ${of}: ${resealed} encrypted anew, ${current} were already, ${unreadable} could not be decrypted.`;
}

function adviceOn(rotations: readonly Rotation[], [first, ...others]: readonly MasterKey[]): string[] {
  if (rotations.some(({ unreadable }) => unreadable > 0)) {
    process.exitCode = 1;
    return [
      'Remove no master key: what could not be decrypted may need one. Those records were left as they are.',
      'Put the master key that encrypted them behind the others and run this again, or have an admin of the server set its key again with /config key (or /config wandb).',
    ];
  }
  if (others.length === 0) return [`Everything is encrypted with ${first?.id ?? ''}, the only master key.`];
  return [
    `Everything is encrypted with ${first?.id ?? ''}. You may remove ${named(others)}, then restart the bot.`,
    `Backups of the database from before now still need ${named(others)}: keep it where your backups of the keys are as long as you keep those.`,
  ];
}

function named(keys: readonly MasterKey[]): string {
  return keys.map(({ id }) => id).join(', ');
}
