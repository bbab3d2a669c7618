import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDiscord } from './discord/discord.ts';
import type { Member } from './discord/driver/member.ts';
import type { Message } from './discord/state/message.ts';
import type { TextChannel } from './discord/state/channel.ts';
import { startModelsLab } from './modelslab/modelslab.ts';
import { createNarrator } from './narrator.ts';
import { drawPortraits } from './photos/portraits.ts';
import { startProgram } from './program.ts';

/*
 * `npm run demo -- --script`: the bot, for real, against stand-ins on this machine. An admin sets the key, a member trains a model on
 * pictures that are drawn here (`-- --photos DIR` takes real ones), and everything that they would see is printed. Ends
 * by itself; exit code 0 only if the model got ready.
 */

const { values } = parseArgs({ options: { script: { type: 'boolean' }, photos: { type: 'string' } } });
const output = resolve('demo-output');

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
const photos = await photosFrom(values.photos);
const discord = await startDiscord();
const modelsLab = await startModelsLab({ trainingMs: 9_000 });
const account = modelsLab.addAccount({ balance: 20 });
const guild = discord.addGuild({ name: 'Friends of pictures' });
const channel = guild.addTextChannel('photos');
const ada = guild.addMember({ name: 'Ada', permissions: 'ManageGuild' });
const bob = guild.addMember({ name: 'Bob' });
const names = new Map([ada, bob].map(({ id, name }) => [id, name]));
const narrator = createNarrator({ changes: discord.events, nameOf: (id) => names.get(id) ?? id });

const data = await mkdtemp(join(tmpdir(), 'darkroom-demo-'));
const program = startProgram({
  DISCORD_TOKEN: discord.botToken,
  DISCORD_API_URL: discord.apiUrl,
  DISCORD_CDN_ORIGINS: discord.cdnOrigin,
  MODELSLAB_URL: modelsLab.url,
  MODELSLAB_SANDBOX_URL: modelsLab.sandboxUrl,
  DATABASE_URL: `sqlite:${join(data, 'darkroom.db')}`,
  MASTER_KEYS: `k1:${Buffer.alloc(32, 'demo').toString('base64')}`,
  PORT: '0',
  POLL_SECONDS: '0.5',
});

try {
  await Promise.race([play(), earlyEnd()]);
} catch (error) {
  console.error(`\nThe model did not get ready. ${error instanceof Error ? error.message : String(error)}`);
  console.error(`\nThe program wrote:\n${program.output()}`);
  process.exitCode = 1;
} finally {
  await program.stop();
  await Promise.all([discord.close(), modelsLab.close()]);
  await rm(data, { recursive: true, force: true });
}

async function play(): Promise<void> {
  narrator.note(
    'Two stand-ins run on this machine, and the bot beside them. Nothing leaves it, and nothing costs anything.',
  );
  await discord.botReady();
  await discord.until(() => discord.commands().length > 0, { what: 'registered commands' });
  await setKey(ada, channel, account.key);
  const thread = await order(bob, channel);
  await discord.until(() => findButton(/^start:/), { what: 'an order card that can be started' });
  await save('contact-sheet.jpg', (name) => name.startsWith('contact-sheet'));
  narrator.say(bob.name, 'looks at the crops, and confirms and starts with one press');
  const card = await discord.until(() => findButton(/^start:/));
  await bob.press(card, /^start:/);
  const end = await discord.until(() => discord.messages(thread).find(isTheEnd), {
    what: 'the end of the training',
  });
  await save('crop.png', (name) => name.endsWith('.png'));
  if (!end.content.includes('is ready')) throw new Error(`Bob reads instead: ${end.content}`);
  if (modelsLab.ledger.length !== 1)
    throw new Error(`The provider charged ${modelsLab.ledger.length} times instead of once`);
  narrator.note(`The model is ready; ModelsLab's stand-in charged $${modelsLab.ledger[0]?.amount ?? 0}, once.`);
  narrator.note(`Contact sheet and crops: ${output}`);
}

async function setKey(admin: Member, where: TextChannel, key: string): Promise<void> {
  narrator.say(admin.name, 'uses /config key and pastes the API key into the form');
  const modal = await (await admin.command(where, 'config key')).modal();
  await (await modal.submit({ api_key: key })).reply();
}

async function order(member: Member, where: TextChannel): Promise<{ readonly id: string }> {
  narrator.say(member.name, `uses /train name: Ambika subject: woman with ${photos.length} photos`);
  const attached = Object.fromEntries(photos.map((photo, index) => [`photo${index + 1}`, photo]));
  await member.command(where, 'train', { name: 'Ambika', subject: 'woman', ...attached });
  return discord.until(() => discord.threads(where).at(-1), { what: 'a thread' });
}

function findButton(customId: RegExp): Message | undefined {
  const all = discord.threads(channel).flatMap((thread) => discord.messages(thread));
  return all.find(({ components }) =>
    components.some((row) => row.components?.some((one) => customId.test(one.custom_id ?? '') && !one.disabled)),
  );
}

function isTheEnd({ content, notified }: Message): boolean {
  return notified.includes(bob.id) && /is ready|could not be trained|was cancelled|expired/.test(content);
}

/** Several pictures of a kind get numbers: `crop-1.png`, `crop-2.png`. */
async function save(as: string, isWanted: (name: string) => boolean): Promise<void> {
  const messages = discord.threads(channel).flatMap((thread) => discord.messages(thread));
  const files = messages.flatMap(({ attachments }) => attachments).filter(({ name }) => isWanted(name));
  for (const [index, { bytes }] of files.entries()) {
    const name = files.length === 1 ? as : as.replace('.', `-${index + 1}.`);
    await writeFile(join(output, name), bytes);
  }
}

async function photosFrom(folder: string | undefined): Promise<readonly { name: string; bytes: Uint8Array }[]> {
  if (folder === undefined) return drawPortraits({ count: 8 });
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).slice(0, 10);
  if (names.length === 0) throw new Error(`There are no JPEG, PNG or WebP pictures in ${folder}`);
  return Promise.all(names.map(async (name) => ({ name: basename(name), bytes: await readFile(join(folder, name)) })));
}

async function earlyEnd(): Promise<never> {
  const code = await program.exited;
  throw new Error(`The bot ended by itself with exit code ${String(code)}`);
}
