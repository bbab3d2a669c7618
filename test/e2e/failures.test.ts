import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { patience } from './order.ts';
import { attached, photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(() => stage.check());
afterAll(() => stage.close());

it('says what is missing while a server has no key, and starts once it has one', async () => {
  const server = await stage.addServer({ key: false });
  const asked = { name: 'Keyless', subject: 'woman', ...attached(photos) };
  const reply = await server.ask(server.bob, 'train', asked);
  expect(reply.content).toMatch(/no ModelsLab API key yet.*\/config key/);
  const order = server.orderIn(reply);
  const card = await order.startable();
  expect(textOf(card)).toMatch(/no ModelsLab API key yet/);
  expect(await server.told(server.bob.press(card, /^start:/))).toMatch(/Ask an admin to set one with \/config key/);
  await server.setKey();
  await order.start();
  await order.end(/is ready/);
});

it('says so when a key was revoked after it had been set, and trains after a new one and Try again', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  stage.modelsLab.next('finetune_list', { kind: 'refuse', why: 'key' });
  await order.start();
  const end = await order.end(/could not be trained/);
  expect(textOf(end)).toMatch(/does not accept this server’s API key.*\/config key[\s\S]*Nothing was billed/);
  expect(server.charges()).toEqual([]);
  await server.setKey();
  await server.bob.press(end, 'Try again');
  await order.start();
  await order.end(/is ready/);
});

it('bills the key that is there when the order leaves, when an admin replaces it after Start', async () => {
  const server = await stage.addServer();
  const other = stage.modelsLab.addAccount();
  const order = await server.train();
  await order.startable();
  stage.modelsLab.next('finetune_list', { kind: 'late', byMs: 3000 });
  const lists = () => stage.modelsLab.requests.filter(({ call }) => call === 'finetune_list').length;
  const before = lists();
  await order.start();
  // The list is noted when its answer is on its way: the order is about to leave.
  await stage.modelsLab.until(() => lists() > before, patience);
  await server.setKey(other.key);
  await order.end(/is ready/);
  expect(server.charges()).toEqual([]);
  expect(stage.modelsLab.ledger.filter(({ key }) => key === other.key)).toHaveLength(1);
});

it('warns when the wallet does not cover the price, as long as it does not', async () => {
  const server = await stage.addServer({ account: { balance: 2 } });
  const order = await server.train({ method: 'dreambooth' });
  const card = await order.says(/wallet held \$2\.00.*costs \$3\.00.*admin to add credit at modelslab\.com/);
  await order.startable();
  await server.bob.select(card, /^method:/, ['lora-sd15']);
  const cheaper = await order.changed(card);
  expect(textOf(cheaper)).toMatch(/\$1\.00/);
  expect(textOf(cheaper)).not.toMatch(/wallet held/);
});

it.each([
  ['says nothing', { kind: 'silence' }],
  ['fails', { kind: 'html' }],
  ['answers in another shape', { kind: 'says', body: { data: null } }],
] as const)('shows the card without a warning, and starts, when the wallet %s', async (_what, fault) => {
  const server = await stage.addServer();
  stage.modelsLab.next('wallet_balance', fault);
  const order = await server.train();
  const card = await order.start();
  await order.end(/is ready/);
  expect(card.versions.map(textOf).join('\n')).not.toMatch(/⚠/);
  const asked = stage.log().some(({ msg }) => msg === 'the wallet balance is not known');
  expect(asked || fault.kind === 'silence', 'it was asked').toBe(true);
});

it('says so when the wallet is empty, before Start on the card, and after it', async () => {
  const server = await stage.addServer({ account: { balance: 0.5 } });
  const order = await server.train();
  await order.says(/wallet held \$0\.50.*costs \$1\.00/);
  await order.start();
  const end = await order.end(/could not be trained/);
  expect(textOf(end)).toMatch(/not enough credit.*add credit[\s\S]*Nothing was billed/);
  expect(server.trainings()).toEqual([]);
});

it('cannot be started with too few photos, and says how many are needed', async () => {
  const server = await stage.addServer();
  const order = await server.train(attached(photos.slice(0, 2)));
  const card = await order.says(/3 usable photos are needed and there are 2.*Add photos/);
  await expect(server.bob.press(card, /^start:/)).rejects.toThrow(/disabled/);
});

it('names an unreadable photo and why, and trains on the others', async () => {
  const server = await stage.addServer();
  const torn = { name: 'torn.jpg', bytes: photos[0]!.bytes.subarray(0, 20_000) };
  const text = { name: 'diary.jpg', bytes: Buffer.from('Dear diary, '.repeat(100)) };
  const order = await server.train(attached([photos[0]!, torn, photos[1]!, text, photos[2]!]));
  const sheet = await order.says(/3 of 5 photos can be used/);
  expect(sheet.content).toMatch(/✕ \*\*2\*\* .+\(torn\.jpg\)/);
  expect(sheet.content).toMatch(/✕ \*\*4\*\* .+\(diary\.jpg\)/);
  await order.start();
  await order.end(/is ready/);
  expect(server.trainings()[0]?.images).toHaveLength(3);
});

it('names the permissions that are missing in a channel before anything is opened there', async () => {
  const server = await stage.addServer();
  const mute = server.guild.addTextChannel('mute', { botMissing: ['AttachFiles', 'CreatePublicThreads'] });
  const asked = { name: 'Mute', subject: 'woman', ...attached(photos) };
  const told = await server.told(server.bob.command(mute, 'train', asked));
  expect(told).toMatch(/\*\*Attach Files\*\*, \*\*Create Public Threads\*\*/);
  expect(stage.discord.threads(mute)).toEqual([]);
});

it('waits while the provider is down before an order is sent, and says that nothing is billed', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  for (const kind of ['html', 'drop', 'server-error'] as const) stage.modelsLab.next('finetune_list', { kind });
  const card = await order.start();
  await order.end(/is ready/);
  const texts = card.versions.map(textOf);
  expect(texts.find((text) => text.includes('does not answer'))).toMatch(/Nothing has been sent or billed/);
  expect(server.charges()).toHaveLength(1);
});

it('goes on while the provider is down during a training, and says so', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  for (const kind of ['html', 'drop', 'server-error'] as const) stage.modelsLab.next('fine_tune_status', { kind });
  const card = await order.start();
  await order.end(/is ready/);
  expect(card.versions.map(textOf).join('\n')).toMatch(/does not tell how it goes at the moment/);
  expect(server.charges()).toHaveLength(1);
});

it('says why a training failed; Try again keeps photos and settings and bills only after another Start', async () => {
  const server = await stage.addServer();
  const order = await server.train({ trigger: 'again7', steps: 21 });
  await order.start();
  await stage.modelsLab.until(() => server.trainings().length > 0, patience);
  const reason = 'Training Failed:  Valid image links less than 3';
  stage.modelsLab.fail(server.trainings()[0]!.id, reason);
  const end = await order.end(/could not be trained/);
  expect(textOf(end)).toMatch(/Valid image links less than 3[\s\S]*Try again/);

  await server.bob.press(end, 'Try again');
  const card = await order.startable();
  expect(textOf(card)).toMatch(/again7/);
  expect(server.charges()).toHaveLength(1);
  await server.bob.press(card, /^start:/);
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(2);
  expect(server.trainings()[1]?.request).toMatchObject({ max_train_steps: '21', instance_prompt: /again7/ });
  expect(server.trainings()[1]?.images).toHaveLength(3);
});

it('uploads the crops when an order is tried again whose links the provider could not fetch', async () => {
  const uploads = () => stage.modelsLab.requests.filter(({ call }) => call === 'base64_crop').length;
  const before = uploads();
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  stage.discord.faults.next({ method: 'GET', path: /\/attachments\//, times: 3, trouble: 'error-500' });
  await order.start();
  const end = await order.end(/could not be trained/);
  expect(textOf(end)).toMatch(/Valid image links less than 3/);
  expect(server.trainings()[0]?.badLinks).toHaveLength(3);
  expect(uploads()).toBe(before);

  await server.bob.press(end, 'Try again');
  await order.start();
  await order.end(/is ready/);
  expect(uploads()).toBe(before + 3);
  expect(server.trainings()[1]?.images.map(({ url }) => new URL(url).origin)).toEqual(
    Array.from({ length: 3 }, () => new URL(stage.modelsLab.url).origin),
  );
  expect(server.charges()).toHaveLength(2);
});

it('hands the crops to the provider when they cannot be posted any more', async () => {
  const server = await stage.addServer();
  stage.forgive(50013);
  const order = await server.train();
  await order.startable();
  stage.discord.deny(server.channel, 'AttachFiles');
  await order.start();
  await order.end(/is ready/);
  const origins = server.trainings()[0]!.images.map(({ url }) => new URL(url).origin);
  expect(new Set(origins)).toEqual(new Set([new URL(stage.modelsLab.url).origin]));
  expect(server.charges()).toHaveLength(1);
});

it('gives a reference for a bug, and the log has it with what happened', async () => {
  const server = await stage.addServer({ key: false });
  stage.modelsLab.next('finetune_list', { kind: 'says', body: { status: 'success', surprise: 42 } });
  const { content } = await server.setKey();
  const reference = /reference `(?<id>\w+)`/.exec(content)?.groups?.['id'];
  expect(reference).toBeDefined();
  const line = stage.log().find((entry) => entry['reference'] === reference);
  expect(line).toMatchObject({ msg: 'a handler failed' });
  expect(line?.['err']).toBeDefined();
});
