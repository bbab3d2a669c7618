import { describe, expect, onTestFinished } from 'vitest';
import { test } from './playground-test.ts';
import type { Visit } from './visit.ts';

const club = 'Friends of pictures';

describe('trouble', () => {
  const turn = async (visit: Visit, name: string, isOn: boolean) => {
    const control = visit.panel.getByRole('switch', { name });
    await control.click();
    await visit.panel.getByRole('switch', { name, checked: isOn }).waitFor();
  };

  /** Until it trains, as slowly as it really does. */
  const train = async (visit: Visit, name: string) => {
    await visit.hurry('Home');
    await visit.be('Bob');
    await visit.order(name);
    await visit.start();
    await visit.says(`“${name}”: training`);
  };

  test('a bot that is killed in the middle goes on when it is started again, and nothing is paid twice', async ({
    visit,
    host: {
      playground: { bot },
    },
  }) => {
    const { panel } = visit;
    // Whatever goes wrong here, the next test finds a bot.
    onTestFinished(() => {
      if (bot.view().state === 'stopped') bot.start();
    });
    const before = await dollars(visit);
    await train(visit, 'Survivor');
    await panel.getByRole('button', { name: 'Kill it now' }).click();
    await panel.getByText('Killed in the middle of its work. Start it: it goes on where it was.').waitFor();

    await visit.write('/status');
    await visit.page.getByRole('form', { name: '/status' }).getByRole('button', { name: 'Send' }).click();
    await visit.says('The application did not respond. Is the bot running?');

    await visit.hurry('End');
    await panel.getByRole('button', { name: 'Start it' }).click();
    await panel.getByText(/Running as process \d+, started 2 times/).waitFor();
    await visit.says('@Bob “Survivor” is ready.');
    expect(before - (await dollars(visit)), 'what was charged').toBe(1);
  });

  test('while the provider is down an order waits, unbilled, and is trained once it is back', async ({ visit }) => {
    const before = await dollars(visit);
    await visit.be('Bob');
    await visit.order('Patience');
    await turn(visit, 'Provider down', true);
    await visit.start();
    await visit.says(/ModelsLab does not answer at the moment. Nothing has been sent or billed/);
    await turn(visit, 'Provider down', false);
    await visit.says('@Bob “Patience” is ready.');
    expect(before - (await dollars(visit))).toBe(1);
  });

  test('without credit an order fails with what to do, and Try again brings it to its end', async ({ visit }) => {
    await visit.be('Bob');
    await visit.order('Broke');
    await turn(visit, 'No credit', true);
    expect(await dollars(visit)).toBe(0);
    await visit.start();
    await visit.says('@Bob “Broke” could not be trained.');
    await turn(visit, 'No credit', false);
    await visit.button('Try again').click();
    await visit.start();
    await visit.says('@Bob “Broke” is ready.');
  });

  test('while Discord says “too fast” nothing is answered; afterwards the order ends well', async ({ visit }) => {
    await train(visit, 'Hasty');
    await turn(visit, 'Discord says “too fast”', true);
    await visit.hurry('End');
    await visit.panel.getByText('ready', { exact: true }).first().waitFor();
    expect(await visit.main.getByText('“Hasty” is ready.').count(), 'what could not be posted').toBe(0);
    await turn(visit, 'Discord says “too fast”', false);
    await visit.says('@Bob “Hasty” is ready.');
  });

  test('with its channels closed to the bot, the owner is told directly', async ({ visit }) => {
    await train(visit, 'Outcast');
    await turn(visit, 'Close the channels to the bot', true);
    await visit.hurry('End');
    await visit.page.getByText('Darkroom wrote you a direct message').waitFor();
    await visit.place('Darkroom').getByText('1 mention').waitFor({ state: 'attached' });
    await visit.place('Darkroom').click();
    await visit.says('@Bob “Outcast” is ready.');
    await turn(visit, 'Close the channels to the bot', false);
  });

  test('an order whose answer is lost is asked about and goes on once that is answered, charged once', async ({
    visit,
  }) => {
    const before = await dollars(visit);
    await visit.be('Bob');
    await visit.order('Echo');
    await turn(visit, 'Lose the next answer', true);
    await visit.start();
    await visit.says('“Echo”: checking');
    await visit.panel.getByRole('switch', { name: 'Lose the next answer', checked: false }).waitFor();
    await visit.says(/“Echo” needs your answer/);
    await visit.button('It is training').click();
    await visit.dialog.getByRole('button', { name: 'Submit' }).click();
    await visit.says('@Bob “Echo” is ready.');
    expect(before - (await dollars(visit))).toBe(1);
  });

  test('an order that is lost on its way is sent again when that is certain, charged once', async ({ visit }) => {
    const before = await dollars(visit);
    await visit.be('Bob');
    await visit.order('Lost');
    await turn(visit, 'Lose the next order', true);
    await visit.start();
    await visit.says('“Lost”: checking');
    expect(await dollars(visit), 'nothing is charged yet').toBe(before);
    await visit.says('@Bob “Lost” is ready.');
    expect(before - (await dollars(visit))).toBe(1);
  });
});

async function dollars(visit: Visit): Promise<number> {
  return Number((await visit.wallet(club)).replace('$', ''));
}
