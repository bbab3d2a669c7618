import { describe, expect } from 'vitest';
import { test } from './playground-test.ts';

describe('ordering a model', () => {
  test('goes from dropped photos to a ready model, each step told as it comes', async ({ visit }) => {
    const before = await visit.wallet('Friends of pictures');
    await visit.hurry('Home');
    await visit.be('Bob');
    await visit.order('Ambika');
    await visit.says('3 of 3 photos can be used');
    await visit.start();
    await visit.says('“Ambika”: training');

    await visit.place('photos').click();
    await visit.hurry('End');
    await visit.page.getByText('Darkroom mentioned you in “Ambika”').waitFor();
    await visit.page.getByRole('button', { name: 'Go there' }).last().click();
    await visit.says('@Bob “Ambika” is ready.');
    await visit.says('photo of ambika0 woman');
    expect([before, await visit.wallet('Friends of pictures')]).toEqual(['$25.00', '$24.00']);
  });

  test('can be cancelled while it runs, and says what that means for the bill', async ({ visit }) => {
    await visit.hurry('Home');
    await visit.be('Bob');
    await visit.order('Regret');
    await visit.start();
    await visit.says('“Regret”: training');
    await visit.button('Cancel').click();
    await visit.says('@Bob “Regret” was cancelled.');
    await visit.says(/ModelsLab charges \$1\.00 when a training begins/);
    await visit.hurry('End');
    await visit.panel.getByText('cancelled', { exact: true }).first().waitFor();
  });

  test('takes photos in a form when the command had none: samples, and one dropped on it', async ({ visit }) => {
    await visit.be('Bob');
    const form = await visit.command('train');
    await form.getByRole('textbox', { name: /^name/ }).fill('Late photos');
    await form.getByRole('combobox', { name: /^subject/ }).selectOption('woman');
    await form.getByRole('button', { name: 'Send' }).click();

    await visit.dialog.getByRole('heading', { name: 'Add photos' }).waitFor();
    await visit.dialog.getByRole('button', { name: 'Submit' }).click();
    await visit.dialog.getByText('Add a file.').waitFor();
    await visit.drop(1, 'dialog');
    await visit.dialog.getByRole('button', { name: 'Sample photos' }).click();
    await visit.dialog.getByRole('button', { name: /^Add IMG_0004/ }).click();
    await visit.dialog.getByRole('button', { name: 'Submit' }).click();
    await visit.dialog.waitFor({ state: 'detached' });
    await visit.place('Late photos').click();
    await visit.says('2 of 2 photos can be used');
  });

  test('begins from the menu of a message with one’s own photos', async ({ visit }) => {
    const { page } = visit;
    await visit.be('Bob');
    await visit.drop(3);
    await visit.write('from the beach');
    const message = page.getByRole('listitem').filter({ hasText: 'from the beach' });
    await message.getByRole('button', { name: /^Open large: holiday-3/ }).waitFor();
    await message.getByText('from the beach').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Train on these photos' }).click();

    await visit.dialog.getByRole('textbox').first().fill('Beach');
    await visit.dialog.getByRole('combobox').first().selectOption('woman');
    await visit.dialog.getByRole('button', { name: 'Submit' }).click();
    await visit.place('Beach').click();
    await visit.says('3 of 3 photos can be used');
  });

  test('suggests what the bot knows while one types, and sends what was picked', async ({ visit }) => {
    const { page } = visit;
    await visit.be('Bob');
    const train = await visit.command('train');
    await train.getByRole('button', { name: /^Add base_model/ }).click();
    const baseModel = train.getByRole('combobox', { name: /^base_model/ });
    await baseModel.fill('midj');
    await page
      .getByRole('option', { name: /midjourney/i })
      .first()
      .waitFor();
    await baseModel.press('ArrowDown');
    await baseModel.press('Enter');
    expect(await baseModel.inputValue()).toMatch(/midjourney/i);
    await train.press('Escape');

    await visit.order('Suggested');
    await visit.place('photos').click();
    const status = await visit.command('status');
    await status.getByRole('button', { name: /^Add training/ }).click();
    const training = status.getByRole('combobox', { name: /^training/ });
    await training.fill('Sugg');
    await page.getByRole('option', { name: /Suggested/ }).click();
    await status.getByRole('button', { name: 'Send' }).click();
    await page
      .getByRole('article')
      .filter({ hasText: 'Only you can see this' })
      .getByText(/Suggested/)
      .last()
      .waitFor();
  });
});
