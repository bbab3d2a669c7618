import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';

import { openLab, trainingMs } from './lab.ts';

const loraStages = [
  'deploying_gpu',
  'training_started',
  'training_success',
  'trained_model_uploading',
  'trained_model_uploaded',
  'deploying_model',
  'model_ready',
];

async function shownStages(oddities: Parameters<typeof openLab>[0]): Promise<readonly string[]> {
  const { lab, train, finish } = await openLab(oddities);
  await finish(await train());
  return lab.trainings[0]!.history.map(({ stage }) => stage);
}

describe('a training at the stand-in', () => {
  it('goes through the documented stages as its time passes', async () => {
    const { lab, clock, train, post } = await openLab();
    const id = await train();
    await lab.until(() => lab.trainings[0]!.images.length === 3);
    expect((await post(`/v3/fine_tune_status/${id}`)).body).toMatchObject({ messege: 'deploying_gpu' });
    clock.advance(trainingMs / 2);
    await lab.until(() => lab.trainings[0]!.stage === 'training_started');
    clock.advance(trainingMs / 2);
    await lab.until(() => lab.trainings[0]!.ending === 'ready');
    expect(lab.trainings[0]!.history.map(({ stage }) => stage)).toEqual(loraStages);
  });

  it('goes faster from the moment that its provider does, and says which stages are still ahead', async () => {
    const { lab, clock, train } = await openLab();
    await train();
    await lab.until(() => lab.trainings[0]!.images.length === 3);
    clock.advance(trainingMs / 2);
    await lab.until(() => lab.trainings[0]!.stage === 'training_started');
    expect(lab.trainings[0]!.ahead).toEqual(loraStages.slice(2));
    lab.setSpeed(10);
    // A half is left: a twentieth of the time.
    clock.advance(trainingMs / 20 - 1);
    await lab.until(() => lab.trainings[0]!.stage === 'deploying_model');
    expect(lab.trainings[0]!.ending).toBeUndefined();
    clock.advance(1);
    await lab.until(() => lab.trainings[0]!.ending === 'ready');
    expect(lab.trainings[0]!.ahead).toEqual([]);
  });

  it('writes its log with the documents’ own separators and their empty entry', async () => {
    const { train, finish, post } = await openLab();
    const id = await train();
    await finish(id);
    expect((await post(`/v3/fine_tune_status/${id}`)).body.data).toBe(
      ' /n Step:1 Training Started, 5 Steps to go : ETA : 30 minutes /n Step:2 Training Done, 4 Steps to go : ETA : 15 minutes /n Step:3 Model Uploading, 3 Steps to go : ETA : 10 minutes /n  /n Step:4 Model Uploaded, 2 Steps to go : ETA : 5 minutes /n Model loaded successfully',
    );
  });

  it.each([
    ['newline', /^Step:1 .*\nStep:2 .*\nStep:3 .*\nStep:4 .*\nModel loaded successfully$/],
    ['worker', /4 More Steps to go : ETA : 15 minutes \| Time Elapsed : 60\.0 seconds/],
  ] as const)('writes its log in the %s form when told', async (log, form) => {
    const { train, finish, post } = await openLab({ oddities: { log } });
    const id = await train();
    await finish(id);
    expect((await post(`/v3/fine_tune_status/${id}`)).body.data).toMatch(form);
  });

  it('downloads the pictures for real and remembers what it got, without the key', async () => {
    const { lab, train, finish, account } = await openLab();
    await finish(await train());
    const [training] = lab.trainings;
    expect(training!.images).toMatchObject(Array(3).fill({ width: 512, height: 512, format: 'png' }));
    expect(training!.request).toMatchObject({ max_train_steps: '18' });
    expect(JSON.stringify([training!.request, lab.requests, lab.events.seen])).not.toContain(account.key);
  });

  it('fails when fewer than three links lead to pictures', async () => {
    const { lab, train, finish, post } = await openLab();
    const id = await train({ images: [`${lab.url}/nothing`, 'https://example.com/1.png', 'http://127.0.0.1:1/2.png'] });
    await finish(id);
    const { body } = await post(`/v3/fine_tune_status/${id}`);
    expect(body).toMatchObject({ status: 'success', messege: 'training_failed' });
    expect(body.data).toContain('Training Failed:  Valid image links less than 3');
    expect(lab.trainings[0]!.badLinks.map(({ reason }) => reason)).toContain('not on this machine');
  });

  it('gives a sample picture of its own when it is ready', async () => {
    const { train, finish, post } = await openLab();
    const id = await train();
    await finish(id);
    const { body } = await post(`/v3/fine_tune_status/${id}`);
    const picture = await fetch(body.test_image as string);
    const metadata = await sharp(await picture.arrayBuffer()).metadata();
    expect(metadata).toMatchObject({ width: 512, height: 512, format: 'png' });
  });

  it.each([
    [{ queued: true }, ['queued', ...loraStages]],
    [{ skipped: ['training_success'] }, loraStages.filter((stage) => stage !== 'training_success')],
    [{ backwardsAfter: 'training_success' }, [...loraStages.slice(0, 3), 'training_started', ...loraStages.slice(2)]],
    [{ unknownAfter: 'training_started' }, [...loraStages.slice(0, 2), 'optimizing_weights', ...loraStages.slice(2)]],
    [{ failAt: { stage: 'training_success', text: 'CUDA' } }, [...loraStages.slice(0, 2), 'training_failed']],
  ])('can take another course: %j', async (course, stages) => {
    await expect(shownStages({ oddities: { course } })).resolves.toEqual(stages);
  });

  it('can be stuck for ever, until a test fails it with a text', async () => {
    const { lab, clock, train, post } = await openLab({ oddities: { course: { stuckAt: 'training_started' } } });
    const id = await train();
    await lab.until(() => lab.trainings[0]!.images.length === 3);
    clock.advance(trainingMs * 100);
    await lab.until(() => lab.trainings[0]!.stage === 'training_started');
    lab.fail(id, 'The GPU caught fire');
    expect((await post(`/v3/fine_tune_status/${id}`)).body.data).toContain('The GPU caught fire');
  });

  it('is moved to a stage by hand, out of its course', async () => {
    const { lab, train, post } = await openLab();
    const id = await train();
    await lab.move(id, 'model_ready');
    expect((await post(`/v3/fine_tune_status/${id}`)).body.messege).toBe('model_ready');
  });

  it('is cancelled once, and says so afterwards', async () => {
    const { train, post } = await openLab();
    const id = await train();
    expect((await post(`/v3/cancle_training/${id}`)).body).toMatchObject({ status: 'success' });
    expect((await post(`/v3/cancle_training/${id}`)).http).toBe(400);
    expect((await post(`/v3/fine_tune_status/${id}`)).body.messege).toBe('training_cancelled');
  });

  it('can be cancelled under the other spelling only', async () => {
    const { train, post } = await openLab({ oddities: { cancelPath: 'cancel_training' } });
    const id = await train();
    expect((await post(`/v3/cancle_training/${id}`)).http).toBe(404);
    expect((await post(`/v3/cancel_training/${id}`)).http).toBe(200);
  });

  it('is gone from status and list when it is deleted', async () => {
    const { train, post } = await openLab();
    const id = await train();
    await post(`/v3/finetune/delete/${id}`);
    expect((await post(`/v3/fine_tune_status/${id}`)).http).toBe(404);
    expect((await post('/v3/finetune_list')).body.data).toEqual([]);
  });

  it('is nobody else’s to see', async () => {
    const { lab, train, post } = await openLab();
    const id = await train();
    const stranger = lab.addAccount();
    expect((await post(`/v3/fine_tune_status/${id}`, { key: stranger.key })).http).toBe(404);
    expect((await post('/v3/finetune_list', { key: stranger.key })).body.data).toEqual([]);
  });

  it('enters the list late when the list lags, as strings or as objects', async () => {
    const { lab, clock, train, post } = await openLab({ oddities: { listLagMs: 1_000 } });
    const id = await train();
    expect((await post('/v3/finetune_list')).body.data).toEqual([]);
    clock.advance(1_000);
    expect((await post('/v3/finetune_list')).body.data).toEqual([id]);
    lab.oddities.list = 'objects';
    expect((await post('/v3/finetune_list')).body.data).toMatchObject([{ model_id: id }]);
  });

  it('stands in the list when it was trained elsewhere with the same key', async () => {
    const { lab, account, post } = await openLab();
    const { id } = await lab.addModel(account);
    expect((await post('/v3/finetune_list')).body.data).toEqual([id]);
    expect(lab.ledger).toEqual([]);
  });

  it('lives in the sandbox for free, apart from the others', async () => {
    const { lab, train, post } = await openLab();
    await train();
    const order = lab.trainings[0]!.request;
    const { body } = await post(`${lab.sandboxUrl}/fine_tune`, order);
    expect((await post(`${lab.sandboxUrl}/fine_tune_status/${body.training_id}`)).http).toBe(200);
    expect((await post(`/v3/fine_tune_status/${body.training_id}`)).http).toBe(404);
    expect(lab.ledger).toHaveLength(1);
  });

  it.each([
    ['model_training_status', { messege: 'training status', model_training_status: 'deploying_gpu' }],
    ['both', { messege: 'deploying_gpu', model_training_status: 'deploying_gpu' }],
  ] as const)('tells its stage in another field: %s', async (stageField, fields) => {
    const { train, post } = await openLab({ oddities: { stageField } });
    expect((await post(`/v3/fine_tune_status/${await train()}`)).body).toMatchObject(fields);
  });

  it('calls the webhook at each stage, in the webhook’s own words', async () => {
    const calls: unknown[] = [];
    const hook = createServer((request, response) => {
      void request.toArray().then((chunks: Buffer[]) => {
        calls.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.end();
      });
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void hook.close());
    await new Promise((resolve) => hook.once('listening', resolve));
    const { lab, train, finish } = await openLab();
    const id = await train({ webhook: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/secret` });
    await finish(id);
    await lab.until(() => calls.length === loraStages.length);
    expect(calls).toContainEqual(
      expect.objectContaining({ status: 'success', training_status: 'model_ready', model_id: id }),
    );
  });
});
