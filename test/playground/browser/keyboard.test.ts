import type { Locator, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { test } from './playground-test.ts';

/** More steps than it takes from one end of the page to the other. */
const mostSteps = 80;
const aRoundOfTheForm = 12;

describe('the keyboard alone', () => {
  test('leads from the open page to a ready model', async ({ visit }) => {
    const { page, main } = visit;
    const { keyboard } = page;
    const person = page.getByRole('radio', { name: 'Ada' });
    await tabTo(page, person);
    await keyboard.press('ArrowRight');
    await page.getByRole('radio', { name: 'Bob', checked: true }).waitFor({ state: 'attached' });
    await isFocused(page.getByRole('radio', { name: 'Bob' }));

    await tabTo(page, main.getByRole('textbox'));
    await keyboard.type('/tra');
    await page.getByRole('option', { name: /^\/train/ }).waitFor();
    await keyboard.press('Enter');
    await isFocused(main.getByRole('textbox', { name: /^name/ }));
    await keyboard.type('By hand');
    await keyboard.press('Tab');
    await isFocused(main.getByRole('combobox', { name: /^subject/ }));
    await keyboard.type('A woman');
    await tabTo(page, main.getByRole('button', { name: 'Sample photos' }));
    await keyboard.press('Enter');
    await tabTo(page, main.getByRole('button', { name: /^Add 8 sample photos/ }));
    await keyboard.press('Enter');
    await main.getByText('photo8', { exact: true }).waitFor();
    await hasFocus(page);
    await tabTo(page, main.getByRole('button', { name: 'Send' }));
    await keyboard.press('Enter');
    await visit.place('By hand').waitFor();
    await isFocused(main.getByRole('textbox'));

    await tabTo(page, visit.place('By hand'), 'Shift+Tab');
    await keyboard.press('Enter');
    await visit.button(/^Start \(/).waitFor();
    await hasFocus(page);
    await tabTo(page, visit.button(/^Start \(/));
    await keyboard.press('Enter');
    await visit.says('@Bob “By hand” is ready.');
    await hasFocus(page);
  });

  test('gets the focus back from forms, menus and pictures', async ({ visit }) => {
    const { page, main, dialog } = visit;
    const { keyboard } = page;
    await visit.be('Bob');
    await visit.order('Focus');

    const add = visit.button('Add photos');
    await add.focus();
    await keyboard.press('Enter');
    await dialog.getByRole('heading', { name: 'Add photos' }).waitFor();
    await isInside(dialog);
    for (let step = 0; step < aRoundOfTheForm; step += 1) {
      await keyboard.press('Tab');
      // Between the last field and the first, the browser's own controls have the focus.
      expect(
        await dialog.evaluate(
          (form) => form.contains(document.activeElement) || document.activeElement === document.body,
        ),
      ).toBe(true);
    }
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await isFocused(add);

    const picture = main.getByRole('button', { name: /^Open large/ }).first();
    await picture.focus();
    await keyboard.press('Enter');
    await dialog.getByRole('img').waitFor();
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await isFocused(picture);

    const more = main.getByRole('button', { name: /^More for this message/ }).last();
    await more.focus();
    await keyboard.press('Enter');
    await isInside(page.getByRole('menu'));
    await keyboard.press('ArrowDown');
    await isInside(page.getByRole('menu'));
    await keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await isFocused(more);
  });

  test('keeps the focus where the pressed button went away', async ({ visit }) => {
    const { page } = visit;
    await visit.hurry('Home');
    await visit.be('Bob');
    await visit.order('Changing');
    await visit.button(/^Start \(/).focus();
    await page.keyboard.press('Enter');
    await visit.says('“Changing”: training');
    await hasFocus(page);
    await visit.button('Cancel').focus();
    await page.keyboard.press('Enter');
    await visit.says('@Bob “Changing” was cancelled.');
    await hasFocus(page);

    await visit.place('photos').click();
    const status = await visit.command('status');
    await status.getByRole('button', { name: 'Send' }).click();
    const answer = visit.main.getByRole('article').filter({ hasText: '/status' });
    await answer.getByRole('button', { name: 'Dismiss' }).focus();
    await page.keyboard.press('Enter');
    await answer.waitFor({ state: 'detached' });
    await hasFocus(page);
  });
});

/** Presses Tab until it is there. Wherever one comes by, the focus can be seen. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let step = 0; step < mostSteps; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
    expect(await page.evaluate(unseenFocus), 'the focus, where it cannot be seen').toBeUndefined();
  }
  throw new Error(`Cannot reach ${String(target)} with ${key}`);
}

/** Runs in the page: what has the focus without showing it. What is too small to show it does so on what it stands in. */
function unseenFocus(): string | undefined {
  const element = document.activeElement;
  if (!element || element === document.body) return undefined;
  const places = [element, element.closest('label'), element.closest('form')].filter((place) => place !== null);
  const isRinged = (place: Element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(place);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  };
  const shown = places.find(isRinged);
  const box = shown?.getBoundingClientRect();
  const isInSight = box && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return isInSight && box.width > 1 ? undefined : element.outerHTML.slice(0, 200);
}

async function isFocused(target: Locator): Promise<void> {
  const check = () => target.evaluate((element) => element === document.activeElement);
  await expect.poll(check, { message: `the focus is on ${String(target)}` }).toBe(true);
}

async function isInside(target: Locator): Promise<void> {
  const check = () => target.evaluate((element) => element.contains(document.activeElement));
  await expect.poll(check, { message: `the focus is inside of ${String(target)}` }).toBe(true);
}

/** After an update the focus is somewhere, so that the next Tab goes on from there. */
async function hasFocus(page: Page): Promise<void> {
  const where = () => page.evaluate(() => document.activeElement?.tagName);
  await expect.poll(where, { message: 'what has the focus' }).not.toBe('BODY');
}
