import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished } from 'vitest';
import { startHost } from '../../../playground/page/host/host.ts';
import { axeFindings } from './axe.ts';
import { layoutFaults } from './layout.ts';
import { desk, phone, test } from './playground-test.ts';

/** A desk's window at a zoom of 200 % is as wide as half of it. */
const zoomed = { width: 720, height: 450 };
/** As long as a name may be. */
const longName = 'Looks under the longest name that it may';
const windows = { desk, zoomed, phone };

describe('how the page looks', () => {
  test('fits and can be read by everybody, wherever one looks and in a window of any width', async ({ visit }) => {
    const { page, main, dialog } = visit;
    const faults: string[] = [];
    const look = async (state: string, only: readonly (keyof typeof windows)[] = ['desk', 'zoomed', 'phone']) => {
      for (const name of only)
        faults.push(...(await faultsAt(page, windows[name])).map((fault) => `${state}, ${name}: ${fault}`));
      await page.setViewportSize(desk);
    };
    await look('just opened');
    await visit.be('Bob');
    await visit.page.getByRole('main').getByRole('textbox').fill('/');
    await page.getByRole('listbox', { name: 'Commands' }).waitFor();
    await look('choosing a command');
    await visit.drop(3);
    const form = await visit.command('train');
    await form.getByRole('button', { name: 'Send' }).click();
    await look('a command with problems');
    await form.getByRole('textbox', { name: /^name/ }).fill(longName);
    await form.getByRole('combobox', { name: /^subject/ }).selectOption('woman');
    await form.getByRole('button', { name: 'Sample photos' }).click();
    await look('a command with samples');
    await form.getByRole('button', { name: 'Send' }).click();
    await visit.place(longName).click();
    await visit.button(/^Start \(/).waitFor();
    await look('an order');

    await visit.button('More settings').click();
    await dialog.waitFor();
    await look('a form');
    await page.keyboard.press('Escape');
    await visit.button('Remove photos').click();
    await dialog.waitFor();
    await look('a form with choices', ['phone']);
    await page.keyboard.press('Escape');
    await visit.button('Add photos').click();
    await dialog.waitFor();
    await look('a form with files');
    await page.keyboard.press('Escape');
    await main
      .getByRole('button', { name: /^Open large/ })
      .first()
      .click();
    await dialog.getByRole('img').waitFor();
    await look('a picture');
    await page.keyboard.press('Escape');
    await main
      .getByRole('button', { name: /^More for this message/ })
      .last()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await look('a menu', ['desk']);
    await page.keyboard.press('Escape');

    await visit.start();
    await visit.says(`@Bob “${longName}” is ready.`);
    await look('a model');
    await visit.panel.getByRole('button', { name: 'Kill it now' }).click();
    await visit.panel.getByRole('button', { name: 'Start it' }).waitFor();
    await look('without the bot', ['desk']);
    await visit.panel.getByRole('button', { name: 'Start it' }).click();
    await visit.panel.getByText(/Running as process/).waitFor();
    for (const drawer of ['Servers and channels', 'Behind the scenes']) {
      await page.setViewportSize(phone);
      await page.getByRole('button', { name: drawer }).click();
      await dialog.waitFor();
      faults.push(...(await faultsAt(page, phone)).map((fault) => `drawer “${drawer}”: ${fault}`));
      await page.keyboard.press('Escape');
    }
    expect(faults).toEqual([]);
  });

  test('stands still for those who asked for less motion', async ({ visit }) => {
    const { page } = visit;
    const moving = () =>
      page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
    await visit.be('Bob');
    await visit.hurry('Home');
    await visit.order('Calm');
    // The three dots of a button whose press was not answered yet.
    await visit.panel.getByRole('switch', { name: 'Discord says “too fast”' }).click();
    await visit.button('Discard').click();
    await visit.main.locator('[aria-busy=true]').waitFor();
    await expect.poll(moving).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await moving()).toBe(0);
    await visit.panel.getByRole('switch', { name: 'Discord says “too fast”' }).click();
  });

  test('shows the same after it was loaded again', async ({ visit }) => {
    const { page, main } = visit;
    await visit.be('Bob');
    await visit.order('Again');
    const before = await main.getByRole('article').allInnerTexts();
    await page.reload();
    await visit.button(/^Start \(/).waitFor();
    await page.getByRole('radio', { name: 'Bob', checked: true }).waitFor({ state: 'attached' });
    expect(await visit.place('Again').innerText(), 'nothing is unread').toBe('Again');
    expect(await main.getByRole('article').allInnerTexts()).toEqual(before);
  });

  test('moves nothing when the way to the newest message comes and goes', async ({ visit }) => {
    const list = visit.main.getByRole('region', { name: /^Messages in / });
    const height = () => list.evaluate(({ scrollHeight }) => scrollHeight);
    await visit.be('Bob');
    await visit.order('Still');
    const before = await height();
    await list.evaluate((messages) => {
      messages.scrollTo({ top: 0 });
    });
    await visit.button('To the newest').waitFor();
    expect(await height()).toBe(before);
    await visit.button('To the newest').click();
    await visit.button('To the newest').waitFor({ state: 'detached' });
    expect(await height()).toBe(before);
  });

  test('says when the playground is gone, and goes on by itself when it is there again', async ({
    context,
    complaints,
  }) => {
    complaints.expect(/WebSocket connection .* failed/);
    const first = await startHost();
    onTestFinished(() => first.close());
    const page = await context.newPage();
    await page.goto(first.url);
    await page.getByRole('heading', { name: 'Friends of pictures' }).waitFor();
    await first.close();
    await page.getByText('Connection lost. Trying again…').waitFor();
    const second = await startHost({ port: Number(new URL(first.url).port) });
    onTestFinished(() => second.close());
    await page.getByText('Connection lost. Trying again…').waitFor({ state: 'detached' });
    await page
      .getByText(/The playground was started again/)
      .first()
      .waitFor();
  });
});

async function faultsAt(page: Page, size: { readonly width: number; readonly height: number }): Promise<string[]> {
  await page.setViewportSize(size);
  await page.evaluate(hasSettled);
  return [...(await layoutFaults(page)), ...(await axeFindings(page))];
}

/** Runs in the page: a width that is passed changes what is there, with the frame after the next. */
async function hasSettled(): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  await frame();
}
