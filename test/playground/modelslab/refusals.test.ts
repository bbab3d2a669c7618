import { describe, expect, it } from 'vitest';

import { loraOrder, openLab } from './lab.ts';

describe('what the stand-in refuses', () => {
  it('does not know a wrong key, and says it as HTTP 401 or 200', async () => {
    const { lab, post } = await openLab();
    const wrong = { key: 'no-such-key' };
    expect(await post('/v3/finetune_list', wrong)).toMatchObject({ http: 401, body: { message: 'Invalid Api Key' } });
    lab.oddities.errors = 'http-200';
    expect(await post('/v3/finetune_list', wrong)).toMatchObject({ http: 200, body: { status: 'error' } });
  });

  it('wants JSON and the header that says so', async () => {
    const { lab } = await openLab();
    const reply = await fetch(`${lab.url}/v3/finetune_list`, { method: 'POST', body: '{' });
    expect(await reply.json()).toMatchObject({ status: 'error', message: 'Invalid API Request' });
  });

  it('names every field that is missing or of the wrong kind, and charges nothing', async () => {
    const { lab, post } = await openLab();
    const order = await loraOrder(post, { instance_prompt: '', max_train_steps: 18, seed: null });
    expect((await post('/v3/lora_fine_tune', order)).body.messege).toEqual({
      instance_prompt: ['The instance prompt field is required.'],
      max_train_steps: ['The max train steps must be a string.'],
    });
    expect(lab.ledger).toEqual([]);
    expect(lab.trainings).toEqual([]);
  });

  it.each([
    ['lora_fine_tune', { max_train_steps: '51' }, 'max_train_steps'],
    ['lora_fine_tune', { base_model_type: 'flux' }, 'base_model_type'],
    ['lora_fine_tune', { training_type: 'man' }, 'training_type'],
    ['lora_fine_tune', { images: [] }, 'images'],
    ['fine_tune', { base_model_id: 'midjourney', max_train_steps: '2001' }, 'max_train_steps'],
    ['fine_tune_v2', { base_model_id: 'midjourney', learning_rate_unet: '7e-6' }, 'learning_rate_unet'],
    ['fine_tune', {}, 'base_model_id'],
  ])('%s does not take %j', async (call, changes, field) => {
    const { post } = await openLab();
    const { body } = await post(`/v3/${call}`, await loraOrder(post, changes));
    expect(Object.keys(body.messege as object)).toEqual([field]);
  });

  it('does not know a base model that is in no list', async () => {
    const { post } = await openLab();
    const order = await loraOrder(post, { base_model_id: 'nope', max_train_steps: '800' });
    expect((await post('/v3/fine_tune', order)).body.message).toBe('Model not found: nope');
  });

  it.each(['female', 'women'] as const)('takes only "%s" for women when told', async (women) => {
    const { post } = await openLab({ oddities: { women } });
    const statuses = await Promise.all(
      ['female', 'women'].map(async (word) => {
        const { body } = await post('/v3/lora_fine_tune', await loraOrder(post, { training_type: word }));
        return [word, String(body.status)] as const;
      }),
    );
    expect(Object.fromEntries(statuses)).toEqual({ female: 'error', women: 'error', [women]: 'success' });
  });

  it('trains nothing for an empty wallet', async () => {
    const { lab, post } = await openLab({ account: { balance: 0.5 } });
    expect(await post('/v3/lora_fine_tune', await loraOrder(post))).toMatchObject({ http: 402 });
    expect(lab.trainings).toEqual([]);
  });

  it('charges once per accepted training, and the wallet shows it', async () => {
    const { lab, account, train, post } = await openLab({ account: { balance: 10 } });
    const id = await train();
    expect(lab.ledger).toMatchObject([{ key: account.key, trainingId: id, amount: 1 }]);
    expect((await post('/wallet_balance')).body.data).toEqual({ balance: 9, currency: 'USD' });
  });

  it('lets a plan have only so many unfinished trainings', async () => {
    const { post, train } = await openLab();
    for (let i = 0; i < 5; i += 1) await train({ seed: String(i) });
    expect(await post('/v3/lora_fine_tune', await loraOrder(post))).toMatchObject({
      http: 429,
      body: { message: 'Rate limit exceeded. Maximum 5 queued requests allowed.', retry_after: 30 },
    });
  });

  it('keeps a call for the premium plan when told', async () => {
    const { lab, post } = await openLab({ oddities: { premiumOnly: ['fine_tune_v2'] } });
    const order = await loraOrder(post, { base_model_id: 'midjourney' });
    expect((await post('/v3/fine_tune_v2', order)).http).toBe(403);
    const premium = lab.addAccount({ plan: 'premium' });
    expect((await post('/v3/fine_tune_v2', { ...order, key: premium.key })).http).toBe(200);
  });

  it('takes the same order twice for spam, until some time has passed', async () => {
    const { clock, post } = await openLab({ oddities: { spamFilterMs: 30_000 } });
    const order = await loraOrder(post);
    expect((await post('/v3/lora_fine_tune', order)).http).toBe(200);
    expect((await post('/v3/lora_fine_tune', order)).body.message).toBe('Rate limit exceeded');
    clock.advance(30_000);
    expect((await post('/v3/lora_fine_tune', order)).http).toBe(200);
  });

  it('spells `message` right in v3 when told', async () => {
    const { post } = await openLab({ oddities: { spelling: 'message' } });
    expect((await post('/v3/finetune_list')).body).toEqual({ status: 'success', message: 'model list', data: [] });
  });

  it('takes no upload above 5 MB and none that is no picture', async () => {
    const { post } = await openLab();
    const upload = (bytes: Buffer) =>
      post('/v3/base64_crop', { image: `data:image/png;base64,${bytes.toString('base64')}`, crop: 'false' });
    expect((await upload(Buffer.alloc(6 * 1024 * 1024))).body.message.image[0]).toContain('5 MB');
    expect((await upload(Buffer.from('text'))).body.message.image[0]).toContain('could not be read');
  });
});
