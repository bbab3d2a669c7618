import { describe, expect } from 'vitest';
import { test } from './playground-test.ts';

describe('two servers and three people', () => {
  test('a wrong key is refused in words, and the right one is taken', async ({ visit }) => {
    const { dialog, page } = visit;
    await visit.enter('The new club');
    const sendKey = async (fill: () => Promise<void>) => {
      const form = await visit.command('config key');
      await form.getByRole('button', { name: 'Send' }).click();
      await fill();
      await dialog.getByRole('button', { name: 'Submit' }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    const field = dialog.getByRole('textbox', { name: /^API key/ });
    await sendKey(() => field.fill('k'.repeat(40)));
    await visit.says(/ModelsLab does not accept/);

    await visit.panel.getByText('Ada sets up the second server').click();
    await visit.panel.getByRole('button', { name: 'Copy the key' }).click();
    await sendKey(async () => {
      await field.focus();
      await page.keyboard.press('ControlOrMeta+V');
    });
    await visit.says(/ModelsLab accepts the key ending in/);
    await visit.panel.getByText('Ada sets up the second server (done)').waitFor();
  });

  test('what only Bob may see, nobody else sees; and one server shows nothing of the other', async ({ visit }) => {
    const { page } = visit;
    await visit.be('Bob');
    await visit.order('Secret');
    await visit.place('photos').click();
    const status = await visit.command('status');
    await status.getByRole('button', { name: 'Send' }).click();
    const answer = visit.main.getByRole('article').filter({ hasText: 'Only you can see this' });
    await answer.filter({ hasText: '/status' }).getByText('Secret').waitFor();

    await visit.be('Cleo');
    await visit.place('Secret').waitFor();
    expect(await answer.count(), 'what Bob alone sees').toBe(0);
    await visit.enter('The new club');
    expect(await page.getByText('Secret').count()).toBe(0);
    const places = page.getByRole('navigation', { name: 'Channels' }).getByRole('button');
    expect(await places.allInnerTexts()).toEqual(['photos']);

    await visit.be('Bob');
    await visit.enter('Friends of pictures');
    await answer.filter({ hasText: '/status' }).getByText('Secret').waitFor();
  });

  test('a form shows what was chosen before, and one choice more does not take the others back', async ({ visit }) => {
    const { dialog } = visit;
    const choose = async (role: string) => {
      const form = await visit.command('config access');
      await form.getByRole('button', { name: 'Send' }).click();
      await dialog.getByRole('checkbox', { name: role }).check();
      await dialog.getByRole('button', { name: 'Submit' }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await visit.enter('The new club');
    await choose('members');
    await visit.says(/Who may train: .*@members/);
    await choose('Darkroom');
    await visit.says(/Who may train: .*@members.*@Darkroom|Who may train: .*@Darkroom.*@members/);
  });

  test('only the admin is offered what only the admin may use', async ({ visit }) => {
    const offered = async () => {
      await visit.main.getByRole('textbox').fill('/');
      const commands = visit.page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
      await commands.first().waitFor();
      return (await commands.allInnerTexts()).join('\n');
    };
    expect(await offered()).toMatch(/\/config key/);
    await visit.be('Bob');
    expect(await offered()).not.toMatch(/\/config/);
    expect(await offered()).toMatch(/\/train/);
  });
});
