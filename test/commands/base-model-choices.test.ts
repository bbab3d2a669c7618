import { expect, it } from 'vitest';
import { methodsOwn, suggestBaseModels } from '../../src/commands/base-model-choices.ts';
import type { BaseModel } from '../../src/services/modelslab/training-api.ts';
import { fakeInteraction } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

async function suggestions(focused: string, baseModels?: readonly BaseModel[], first?: [typeof methodsOwn]) {
  const interaction = fakeInteraction('autocomplete', { options: { focused } });
  await suggestBaseModels(interaction as never, fakeServices(baseModels ? { baseModels } : {}), first);
  return interaction.answers.at(-1)!.body as { name: string; value: string }[];
}

const listed = [
  { id: 'midjourney', name: 'Midjourney V4' },
  { id: 'anything-v5', name: 'Anything V5' },
];

it('finds base models by id and by name', async () => {
  expect(await suggestions('JOURNEY V4', listed)).toEqual([
    { name: 'Midjourney V4 (midjourney)', value: 'midjourney' },
  ]);
  expect((await suggestions('-v5', listed)).map(({ value }) => value)).toEqual(['anything-v5']);
});

it('offers what was typed and the method’s own while no list is there', async () => {
  const own = { name: 'portraitplus-diffusion', value: 'portraitplus-diffusion' };
  expect(await suggestions('mine')).toEqual([{ name: 'mine', value: 'mine' }, own]);
  expect(await suggestions('')).toEqual([own]);
});

it('stays within what Discord takes, whatever the list holds', async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ id: `m${index}`, name: 'n'.repeat(300) }));
  const choices = await suggestions('', [{ id: 'x'.repeat(101), name: 'too long' }, ...many], [methodsOwn]);
  expect(choices).toHaveLength(25);
  expect(choices[0]).toEqual(methodsOwn);
  expect(Math.max(...choices.map(({ name, value }) => Math.max(name.length, value.length)))).toBeLessThanOrEqual(100);
});
