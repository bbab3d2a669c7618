import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHost, type Host } from '../../../playground/page/host/host.ts';
import type { ChannelView, MessageView, ThreadView } from '../../../playground/page/protocol.ts';
import { buttonIn, openPage, textIn, type OpenPage } from './open-page.ts';

/* The real program behind the page, asked as the page asks. */

let host: Host;
let page: OpenPage;
beforeAll(async () => {
  host = await startHost({ speed: 600 });
  await Promise.all([host.samplesDrawn, host.playground.isSetUp]);
});
afterAll(async () => {
  await host.close();
  expect(host.playground.discord.violations).toEqual([]);
});
beforeEach(async () => {
  page = await openPage(host);
});

function channelAt(name: string): ChannelView {
  const guild = page.view().guilds.find((one) => one.name === name)!;
  return page.view().channels.find(({ guildId }) => guildId === guild.id)!;
}

const club = () => channelAt('Friends of pictures');
const newClub = () => channelAt('The new club');

function isRunning() {
  return page.until('a running bot', () => page.panel().bot.state === 'running');
}

/** Orders a model of the sample photos and gives the thread that opens. */
async function order(name: string): Promise<ThreadView> {
  const { photos } = page.panel().samples;
  const attached = photos.slice(0, 4).map(({ fileId }, index) => [`photo${index + 1}`, { fileId }] as const);
  const options = { name, subject: 'woman', ...Object.fromEntries(attached) };
  await page.done({ type: 'command', channelId: club().id, path: 'train', options });
  return page.until('a thread', () => page.view().threads.find((one) => one.name.includes(name)));
}

function said(thread: ThreadView, what: RegExp): Promise<MessageView> {
  return page.until(String(what), () =>
    page.view().messages.find((one) => one.channelId === thread.id && what.test(textIn(one))),
  );
}

async function pressIn(thread: ThreadView, label: RegExp): Promise<void> {
  const press = await page.until(String(label), () =>
    page
      .view()
      .messages.filter(({ channelId }) => channelId === thread.id)
      .flatMap((one) => {
        const customId = buttonIn(one, label)?.customId;
        return customId ? [{ channelId: one.channelId, messageId: one.id, customId }] : [];
      })
      .at(-1),
  );
  await page.done({ type: 'press', ...press });
}

async function turn(name: 'provider-down' | 'drop-after-charge' | 'no-credit' | 'discord-429', isOn: boolean) {
  await page.done({ type: 'trouble', name, isOn });
  await page.until('the switch', () => page.panel().trouble[name] === isOn);
}

describe('the page', () => {
  it('lets the admin set up a server: a command, its form, and an answer that only she sees', async () => {
    const account = page.panel().provider.accounts.find(({ guildName }) => guildName === 'The new club')!;
    const form = await page.form({ type: 'command', channelId: newClub().id, path: 'config key', options: {} });
    expect(form.parts).toMatchObject([
      { kind: 'field', customId: 'api_key', isRequired: true, input: { kind: 'text' } },
    ]);
    await page.done({ type: 'submitModal', modalId: form.id, values: { api_key: account.key } });
    const isAnswer = (one: MessageView) => one.channelId === newClub().id && one.content.includes('accepts the key');
    const answer = await page.until('an answer', () => page.view().messages.find(isAnswer));
    expect(answer).toMatchObject({ isEphemeral: true, isLoading: false, editedAt: null });
    await page.seeAs('Bob');
    expect(page.view().messages.filter(isAnswer)).toEqual([]);
  });

  it('shows a wrong key for what it is', async () => {
    const form = await page.form({ type: 'command', channelId: newClub().id, path: 'config key', options: {} });
    await page.done({ type: 'submitModal', modalId: form.id, values: { api_key: 'not-a-key-of-anybody' } });
    await page.until('a refusal', () =>
      page
        .view()
        .messages.find(({ channelId, content }) => channelId === newClub().id && content.includes('does not accept')),
    );
  });

  it('refuses what Discord’s client would not permit, and says why', async () => {
    await page.seeAs('Bob');
    const command = { type: 'command', channelId: club().id, options: {} } as const;
    expect(await page.ask({ ...command, path: 'config key' })).toMatchObject({
      type: 'refused',
      why: 'Cannot use /config: Discord does not show it to this member',
    });
    expect(await page.ask({ ...command, path: 'train' })).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('"name", "subject"'),
    });
    expect(await page.ask({ ...command, path: 'train', channelId: '1' })).toMatchObject({ type: 'refused' });
    const photo1 = { fileId: 'gone' };
    const options = { name: 'A', subject: 'woman', photo1 };
    expect(await page.ask({ ...command, path: 'train', options })).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('add it once more'),
    });
  });

  it('completes an option while somebody types', async () => {
    const ask = { type: 'autocomplete', channelId: club().id, path: 'train', focused: 'base_model' } as const;
    const answer = await page.ask({ ...ask, options: { base_model: '' } });
    expect(answer).toMatchObject({ type: 'choices' });
    expect(answer.type === 'choices' && answer.choices.length).toBeGreaterThan(0);
  });

  it('takes an order from photos to a model that is ready, and shows what the provider did', async () => {
    await page.seeAs('Bob');
    const thread = await order('Ambika');
    await pressIn(thread, /^Start/);
    const end = await said(thread, /is ready/);
    expect(end.mentionsMe).toBe(true);
    const { trainings, charges } = page.panel().provider;
    const training = await page.until('the end', () =>
      page.panel().provider.trainings.find(({ ending }) => ending === 'ready'),
    );
    expect(trainings.length).toBe(1);
    expect(training).toMatchObject({ photos: 4, charged: 1, ahead: [], stage: 'model_ready' });
    expect(charges).toMatchObject([{ trainingId: training.id, amount: 1 }]);
  });

  it('goes on with a training after the bot was killed in the middle of it and started again', async () => {
    await page.seeAs('Bob');
    await page.done({ type: 'speed', speed: 30 });
    const thread = await order('Blanche');
    await pressIn(thread, /^Start/);
    await page.until('a training', () => page.panel().provider.trainings.some(({ ending }) => ending === null));
    const before = page.panel().bot;
    await page.done({ type: 'bot', action: 'kill' });
    const stopped = await page.until('an end', () => page.panel().bot.state === 'stopped' && page.panel().bot);
    expect(stopped).toMatchObject({ pid: null, ended: { how: 'killed', exitCode: null }, starts: before.starts });
    await page.done({ type: 'speed', speed: 600 });
    await page.done({ type: 'bot', action: 'start' });
    await isRunning();
    await said(thread, /is ready/);
    expect(page.panel().bot).toMatchObject({ starts: before.starts + 1, state: 'running' });
    const own = page.panel().provider.charges.filter(({ at }) => at >= thread.createdAt);
    expect(own).toHaveLength(1);
  });

  it('shows a command that nobody answers as failed', async () => {
    await page.done({ type: 'bot', action: 'stop' });
    const stopped = await page.until('an end', () => page.panel().bot.state === 'stopped' && page.panel().bot);
    expect(stopped.ended).toEqual({ how: 'asked', exitCode: 0 });
    expect(await page.ask({ type: 'bot', action: 'kill' })).toMatchObject({ type: 'refused' });
    await page.done({ type: 'command', channelId: club().id, path: 'status', options: {} });
    await page.until('a use that waits', () => page.view().uses.some(({ state }) => state === 'waiting'));
    const use = await page.until('a use that failed', () => page.view().uses.find(({ state }) => state === 'failed'));
    expect(use).toMatchObject({ title: '/status', channelId: club().id, source: null });
    await page.seeAs('Bob');
    expect(page.view().uses).toEqual([]);
    await page.done({ type: 'bot', action: 'start' });
    await isRunning();
  });

  it('shows that the bot ended by itself, and starts it again', async () => {
    const { pid, starts } = page.panel().bot;
    process.kill(pid!, 'SIGKILL');
    const stopped = await page.until('an end', () => page.panel().bot.state === 'stopped' && page.panel().bot);
    expect(stopped).toMatchObject({ pid: null, ended: { how: 'by-itself', exitCode: null } });
    await page.done({ type: 'bot', action: 'start' });
    await isRunning();
    expect(page.panel().bot.starts).toBe(starts + 1);
  });

  it('shows how an order fares whose paid request was carried out and never answered', async () => {
    await page.seeAs('Cleo');
    const thread = await order('Clara');
    await turn('drop-after-charge', true);
    await pressIn(thread, /^Start/);
    await page.until('the switch', () => !page.panel().trouble['drop-after-charge']);
    expect(page.panel().provider.calls.some(({ outcome }) => outcome === 'dropped')).toBe(true);
    await said(thread, /needs your answer/);
    await pressIn(thread, /^Drop/);
    await said(thread, /was cancelled/);
    expect(page.panel().provider.charges.filter(({ at }) => at >= thread.createdAt)).toHaveLength(1);
  });

  it('empties the accounts and fills them again with what was in them', async () => {
    const balances = () => page.panel().provider.accounts.map(({ balance }) => balance);
    const before = balances();
    await turn('no-credit', true);
    expect(await page.until('empty accounts', () => balances().every((one) => one === 0))).toBe(true);
    await turn('no-credit', false);
    await page.until('full accounts', () => balances().join() === before.join());
  });

  it('lets a provider that is down and a Discord that asks to wait come back', async () => {
    await page.seeAs('Bob');
    await turn('provider-down', true);
    const thread = await order('Daria');
    await pressIn(thread, /^Start/);
    await page.until('a call that fails', () => page.panel().provider.calls.some(({ outcome }) => outcome === 503));
    await turn('provider-down', false);
    await turn('discord-429', true);
    await host.playground.discord.until(() => host.playground.discord.requests.at(-1)?.status === 429);
    await turn('discord-429', false);
    await said(thread, /is ready/);
  });
});
