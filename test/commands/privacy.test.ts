import { expect, it } from 'vitest';
import { privacy } from '../../src/commands/privacy.ts';
import { answerIn, fakeInteraction } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';
import { use } from './use-handler.ts';

const ask = async (subcommand: string, guildId: string | null = 'guild1') => {
  const interaction = Object.assign(fakeInteraction('command', { subcommand }), { guildId });
  const services = fakeServices();
  await privacy.execute!(interaction as never, services);
  return { text: answerIn(interaction), services };
};

it('shows what is kept, in a server and in a direct message alike', async () => {
  const { text } = await ask('show');
  expect(text).toMatch(/2 orders .*1 photo .*1 server.*1 order under way.*the ledger/s);
  expect((await ask('show', null)).text).toBe(text);
});

it('says before it erases anything what will be erased, and what not', async () => {
  const { text, services } = await ask('forget');
  expect(text).toMatch(
    /cannot be undone.*2 orders.*Not erased are:.*1 order under way.*models at ModelsLab.*the ledger/s,
  );
  expect(services.calls).toEqual([]);
});

it('erases after the press, and says what is kept until it ends', async () => {
  const { interaction, calls } = await use(privacy.buttons?.['forget-me'], 'forget-me:owner1');
  expect(calls).toEqual(['memberEraser.forget owner1']);
  expect(answerIn(interaction)).toMatch(/^Erased\. 1 order under way is kept until the end/);
});

it('erases nobody else', async () => {
  const services = fakeServices();
  await expect(use(privacy.buttons?.['forget-me'], 'forget-me:owner2', {}, services)).rejects.toThrow(
    /Only the one who/,
  );
  expect(services.calls).toEqual([]);
});
