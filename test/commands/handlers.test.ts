import { RESTJSONErrorCodes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { cancel } from '../../src/commands/cancel.ts';
import { deleteModel } from '../../src/commands/delete.ts';
import { orderButtons } from '../../src/commands/order-buttons.ts';
import { questionButtons } from '../../src/commands/question-buttons.ts';
import { train } from '../../src/commands/train.ts';
import type { MessageId } from '../../src/lib/ids.ts';
import { aJob, order } from '../services/jobs/job-builder.ts';
import { aReview } from '../services/threads/cards/review-builder.ts';
import { discordError } from '../services/threads/fake-messages.ts';
import { answerIn, fakeInteraction, type Asked } from './fake-interaction.ts';
import { fakeServices, keyFacts } from './fake-services.ts';
import { use } from './use-handler.ts';

/** Services whose order has this message for its card. */
function shownBy(cardId: string) {
  const draft = aJob('draft');
  return fakeServices({ jobs: [{ ...draft, told: { ...draft.told, cardId: cardId as MessageId } }] });
}

describe('the order card', () => {
  it('starts the revision that the pressed card showed', async () => {
    const { calls, ways } = await use(orderButtons.buttons?.start, 'start:job1:7', {}, shownBy('message1'));
    expect(calls).toEqual(['desk.start job1 7']);
    expect(ways, 'the poller alone redraws the card').toEqual(['deferUpdate']);
  });

  it('takes the buttons from a card that a crash left behind beside the noted one', async () => {
    const { interaction } = await use(orderButtons.buttons?.start, 'start:job1:7', {}, shownBy('message2'));
    expect(interaction.answers.at(-1)).toEqual({ way: 'editReply', body: { components: [] } });
  });

  it('takes the steps back with another method, since they mean something else there', async () => {
    const { calls } = await use(orderButtons.selects?.method, 'method:job1', { chosen: { values: ['dreambooth'] } });
    expect(calls).toEqual(['desk.changeOrder job1 {"method":"dreambooth"}']);
  });

  it('changes nothing for a method or crop of another version', async () => {
    expect(
      (await use(orderButtons.selects?.method, 'method:job1', { chosen: { values: ['toString'] } })).calls,
    ).toEqual([]);
    expect((await use(orderButtons.selects?.crop, 'crop:job1', { chosen: { values: ['faces'] } })).calls).toEqual([]);
  });

  it('removes the photos chosen in all menus', async () => {
    const chosen = { photos0: ['1', '3'], photos1: ['28'] };
    const { calls } = await use(orderButtons.modals?.removed, 'removed:job1', { texts: {}, chosen });
    expect(calls).toEqual(['desk.removePhotos job1 [1,3,28]']);
  });

  it('reads settings as they were typed: empty takes a choice back, a word is refused by its range', async () => {
    const texts = { name: 'New', trigger: 'new0', steps: '', seed: 'abc' };
    const { calls } = await use(orderButtons.modals?.set, 'set:job1', { texts, chosen: { subject: ['man'] } });
    expect(calls).toEqual(['desk.changeOrder job1 {"name":"New","trigger":"new0","subject":"man","seed":null}']);
  });

  it('has nothing to remove where there are no photos', async () => {
    const services = fakeServices({ jobs: [aJob('draft')], review: aReview({ photos: [] }) });
    await expect(use(orderButtons.buttons?.remove, 'remove:job1', {}, services)).rejects.toThrow(/Press Add photos/);
  });

  it('takes Try again away once it is pressed', async () => {
    const { interaction, calls } = await use(orderButtons.buttons?.retry, 'retry:job1');
    expect(calls).toEqual(['desk.reopen job1']);
    expect(interaction.answers.at(-1)).toEqual({ way: 'editReply', body: { components: [] } });
  });
});

describe('the answers to the question whether an order arrived', () => {
  it.each([
    ['resend', questionButtons.buttons?.resend, '{"kind":"send-again"}', {}],
    ['drop', questionButtons.buttons?.drop, '{"kind":"drop"}', {}],
    [
      'adopt',
      questionButtons.modals?.adopt,
      '{"kind":"is-training","trainingId":"F5jvdzGnYi"}',
      { texts: { training_id: ' F5jvdzGnYi ' } },
    ],
  ] as const)('%s is passed on, and takes the buttons away', async (verb, handler, answer, asked) => {
    const { interaction, calls } = await use(handler, `${verb}:job1:1`, asked);
    expect(calls).toEqual([expect.stringContaining(answer)]);
    expect(interaction.answers.at(-1)).toEqual({ way: 'editReply', body: { components: [] } });
  });
});

describe('/cancel', () => {
  const text = async (job: ReturnType<typeof aJob>) => {
    const interaction = fakeInteraction('command', { options: { training: 'job1' } });
    await cancel.execute!(interaction as never, fakeServices({ jobs: [job] }));
    return answerIn(interaction);
  };

  it('says how far that is', async () => {
    expect(await text(aJob('training'))).toMatch(/ModelsLab is being asked to cancel “Ambika”/);
    expect(await text(aJob('sending'))).toMatch(/cancelled as soon as it is clear whether it arrived/);
    expect(await text(aJob('cancelled', { attempts: 0 }))).toMatch(/is cancelled\. .*nothing was billed/);
    expect(await text(aJob('discarded'))).toMatch(/discarded\. Nothing was billed, and the photos are erased/);
  });
});

describe('/train', () => {
  const options = { name: 'Ambika', subject: 'woman' };
  const run = async (asked: Asked, services: ReturnType<typeof fakeServices>) => {
    const interaction = fakeInteraction('command', { options, ...asked });
    await train.execute!(interaction as never, services);
    return interaction;
  };

  it('asks for photos where none were attached', async () => {
    const { answers } = await run({}, fakeServices({ jobs: [aJob('draft')] }));
    expect(answers.map(({ way }) => way)).toEqual(['showModal']);
  });

  it('opens the order with the server’s defaults, stores the photos, and says where it goes on', async () => {
    const services = fakeServices({
      jobs: [aJob('draft', { told: { place: 'thread', cropIds: [], news: [], failures: 0 } })],
      key: keyFacts,
      settings: { method: 'dreambooth', baseModel: 'own' },
    });
    const photo1 = { url: 'https://cdn.example/a.jpg', name: 'a.jpg', size: 9 };
    const interaction = await run({ options: { ...options, photo1 } }, services);
    expect(services.calls).toEqual([
      'desk.open {"method":"dreambooth","crop":"attention","trigger":"ambika0","baseModel":"own","name":"Ambika","subject":"woman"} [{"url":"https://cdn.example/a.jpg","name":"a.jpg","sizeBytes":9}]',
      'threads.open Ambika',
    ]);
    expect(answerIn(interaction)).toMatch(/in <#thread1>\. Nothing is billed until you press Start/);
    expect(answerIn(interaction)).not.toContain('/config key');
  });

  it('says at once that a key is missing', async () => {
    const photo1 = { url: 'https://cdn.example/a.jpg', name: 'a.jpg', size: 9 };
    expect(answerIn(await run({ options: { ...options, photo1 } }, fakeServices({ jobs: [aJob('draft')] })))).toMatch(
      /\/config key/,
    );
  });

  it('discards an order whose thread cannot be opened, and says why it was', async () => {
    const homeless = aJob('draft', { told: { place: 'thread', cropIds: [], news: [], failures: 0 } });
    const photo1 = { url: 'https://cdn.example/a.jpg', name: 'a.jpg', size: 9 };
    const refused = discordError(RESTJSONErrorCodes.MissingPermissions);
    const services = fakeServices({ jobs: [homeless] });
    const failing = { ...services, threads: { ...services.threads, open: async () => Promise.reject(refused) } };
    await expect(run({ options: { ...options, photo1 } }, failing)).rejects.toBe(refused);
    expect(services.calls).toContain('desk.discard job1');
  });

  it('works in servers only', async () => {
    const interaction = Object.assign(fakeInteraction('command', { options }), { guildId: null });
    await expect(train.execute!(interaction as never, fakeServices())).rejects.toThrow(/in a server only/);
  });
});

describe('/delete', () => {
  it('asks first, and names what is lost', async () => {
    const interaction = fakeInteraction('command', { options: { model: 'job1' } });
    const services = fakeServices({ jobs: [aJob('ready')] });
    await deleteModel.execute!(interaction as never, services);
    expect(answerIn(interaction)).toMatch(/Delete “Ambika” \(`t1`\).*cannot be used or brought back/);
    expect(services.calls).toEqual([]);
  });

  it('does not ask about what only ModelsLab itself can delete', async () => {
    const services = fakeServices({ jobs: [aJob('ready', { order: { ...order, method: 'flux' } })] });
    const deleting = use(deleteModel.buttons?.delete, 'delete:job1', {}, services);
    await expect(deleting).rejects.toThrow(/deletes it at modelslab\.com/);
  });

  it('has nothing to delete of what is not finished', async () => {
    const deleting = use(deleteModel.buttons?.delete, 'delete:job1');
    await expect(deleting).rejects.toThrow(/not a finished model.*\/models/);
  });
});
