import { ComponentType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { Services } from '../../src/commands/command.ts';
import { config } from '../../src/commands/config/config-command.ts';
import { orderButtons } from '../../src/commands/order-buttons.ts';
import { questionButtons } from '../../src/commands/question-buttons.ts';
import { train } from '../../src/commands/train.ts';
import type { Job } from '../../src/services/jobs/state/job.ts';
import type { MethodId } from '../../src/services/modelslab/methods.ts';
import type { Verdict } from '../../src/services/photos/photo.ts';
import { customId, parseCustomId, type Verb } from '../../src/services/threads/cards/custom-id.ts';
import { aJob, intent, jobId, trainingId } from '../services/jobs/job-builder.ts';
import { problemsOfModal } from '../services/threads/cards/discord-rules.ts';
import { aReview, photosWith } from '../services/threads/cards/review-builder.ts';
import { fakeInteraction, modalIn } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

/** Longer than a member could have made it: names are made different by a number, defaults come from admins. */
const longest: Job['order'] = {
  name: 'n'.repeat(50),
  subject: 'style',
  method: 'dreambooth',
  trigger: 't'.repeat(40),
  crop: 'attention',
  baseModel: 'b'.repeat(200),
  steps: 2000,
  seed: 4_294_967_295,
  negativePrompt: 'n'.repeat(2000),
};
const verdict: Verdict = { kind: 'warning', reason: 'r'.repeat(200) };
const review = aReview({ photos: photosWith(...Array<Verdict>(30).fill(verdict)) });
const draft = aJob('draft', { id: jobId('abcdefghjk'), order: longest });
const asking = aJob('asking', { phase: { state: 'asking', intent, candidates: [trainingId('c'.repeat(64))] } });

type Buttons = NonNullable<typeof train.buttons>;

async function press(buttons: Buttons | undefined, verb: Verb, job: Job, more?: string) {
  const id = customId(verb, job.id, more);
  const interaction = fakeInteraction('button', { customId: id });
  const services: Services = fakeServices({ jobs: [job], review });
  await buttons![verb]!(interaction as never, services, parseCustomId(id));
  return modalIn(interaction);
}

const withMethod = (method: MethodId) => ({ ...draft, order: { ...longest, method } });
const settings = (method: MethodId) => press(orderButtons.buttons, 'settings', withMethod(method));
const more = (method: MethodId) => press(orderButtons.buttons, 'settings', withMethod(method), 'more');
async function configModal(subcommand: 'key' | 'wandb' | 'access') {
  const interaction = fakeInteraction('command', { isAdmin: true, subcommand });
  await config.execute!(interaction as never, fakeServices());
  return modalIn(interaction);
}

const modals = {
  'Add photos': press(train.buttons, 'add', draft),
  'Remove photos': press(orderButtons.buttons, 'remove', draft),
  Settings: settings('dreambooth'),
  'Settings of a LoRA': settings('lora-sdxl'),
  'Settings of Dreambooth v2': settings('dreambooth-v2'),
  'Settings of Flux': settings('flux'),
  'More settings': more('dreambooth'),
  'More settings of a LoRA': more('lora-sdxl'),
  'More settings of Dreambooth v2': more('dreambooth-v2'),
  'It is training': press(questionButtons.buttons, 'is-training', asking),
  '/config key': configModal('key'),
  '/config wandb': configModal('wandb'),
  '/config access': configModal('access'),
};

it.each(Object.entries(modals))('the longest “%s” is accepted by Discord', async (_name, modal) => {
  expect(problemsOfModal(await modal)).toEqual([]);
});

it.each(Object.entries(modals))(
  '“%s” begins with no text that is longer than it lets people write',
  async (_name, modal) => {
    const { components } = await modal;
    for (const label of components) {
      const field = 'component' in label ? label.component : undefined;
      if (field?.type !== ComponentType.TextInput) continue;
      expect(field.value?.length ?? 0).toBeLessThanOrEqual(field.max_length!);
    }
  },
);

describe('the modal of', () => {
  it('Remove photos offers every photo by its number on the sheet, in menus of 25', async () => {
    const { components } = await modals['Remove photos'];
    expect(components).toMatchObject([
      { label: 'Which of photos 1 to 25?', component: { custom_id: 'photos0', min_values: 0, max_values: 25 } },
      { label: 'Which of photos 26 to 30?', component: { custom_id: 'photos1', min_values: 0, max_values: 5 } },
    ]);
  });

  it.each([
    ['Settings', ['name', 'subject', 'trigger', 'steps', 'base_model']],
    ['Settings of a LoRA', ['name', 'subject', 'trigger', 'steps', 'seed']],
    ['Settings of Dreambooth v2', ['name', 'subject', 'trigger', 'base_model', 'seed']],
    ['Settings of Flux', ['name', 'subject', 'trigger', 'steps']],
    ['More settings', ['seed']],
    ['More settings of a LoRA', ['network', 'negative_prompt', 'report']],
    ['More settings of Dreambooth v2', ['unet_rate', 'unet_steps', 'text_encoder_rate', 'text_encoder_steps']],
  ] as const)('%s asks for what the method lets one choose', async (name, ids) => {
    const { components } = await modals[name];
    const asked = components.map((label) =>
      'component' in label && 'custom_id' in label.component ? label.component.custom_id : '',
    );
    expect(asked).toEqual(ids);
  });

  it('settings says what is taken, and what when nothing is given', async () => {
    expect(JSON.stringify(await modals['Settings of a LoRA'])).toContain(
      '10 to 50 steps; empty: by the number of photos',
    );
    const text = JSON.stringify(await modals['More settings of Dreambooth v2']);
    expect(text).toContain('1e-5 to 1e-10, or 2e-0 to 6e-10; empty: 1e-6');
    expect(text).toContain('1 to 2000 steps; empty: 350');
  });

  it('Settings offers no people where admins allow objects and styles only', async () => {
    const offered = async (subjects: 'everything' | 'no-people') => {
      const interaction = fakeInteraction('button', { customId: `settings:${draft.id}` });
      const services = fakeServices({ jobs: [draft], settings: { subjects } });
      await orderButtons.buttons!.settings!(interaction as never, services, parseCustomId(`settings:${draft.id}`));
      const fields = modalIn(interaction).components.flatMap((label) => ('component' in label ? label.component : []));
      return fields.flatMap((field) => ('options' in field ? field.options.map(({ value }) => value) : []));
    };
    expect(await offered('everything')).toEqual(['man', 'woman', 'couple', 'object', 'style']);
    expect(await offered('no-people')).toEqual(['object', 'style']);
  });

  it('It is training proposes the training that it may be', async () => {
    expect(JSON.stringify(await modals['It is training'])).toContain('cccc');
  });

  it('/config key says that the key is not Discord’s, and asks for it under a known name', async () => {
    const text = JSON.stringify(await modals['/config key']);
    expect(text).toContain('not your Discord password');
    expect(text).toContain('"custom_id":"api_key"');
  });
});
