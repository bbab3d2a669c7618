import { describe, expect, it } from 'vitest';

import { loraOrder, openLab } from './lab.ts';

describe('faults of the stand-in', () => {
  it('drops a connection before anything happened, once', async () => {
    const { lab, post } = await openLab();
    const order = await loraOrder(post);
    lab.next('lora_fine_tune', { kind: 'drop' });
    await expect(post('/v3/lora_fine_tune', order)).rejects.toThrow('fetch failed');
    expect(lab.ledger).toEqual([]);
    expect((await post('/v3/lora_fine_tune', order)).http).toBe(200);
  });

  it('drops a connection after it has charged: the training exists and nobody knows its id', async () => {
    const { lab, post } = await openLab();
    lab.next('lora_fine_tune', { kind: 'drop', when: 'after' });
    await expect(post('/v3/lora_fine_tune', await loraOrder(post))).rejects.toThrow('fetch failed');
    expect(lab.ledger).toHaveLength(1);
    expect(lab.requests.at(-1)).toMatchObject({ call: 'lora_fine_tune', outcome: 'dropped' });
    expect((await post('/v3/finetune_list')).body.data).toEqual([lab.trainings[0]!.id]);
  });

  it('waits for whichever of several calls comes first, and strikes once', async () => {
    const { lab, post } = await openLab();
    const planned = lab.next(['wallet_balance', 'finetune_list'], { kind: 'server-error' });
    expect((await post('/v4/dreambooth/model_list')).http).toBe(200);
    expect(planned.isWaiting()).toBe(true);
    expect((await post('/v3/finetune_list')).http).toBe(500);
    expect(planned.isWaiting()).toBe(false);
    expect((await post('/wallet_balance')).http).toBe(200);
  });

  it('does not strike when it was called off', async () => {
    const { lab, post } = await openLab();
    lab.next('wallet_balance', { kind: 'server-error' }).callOff();
    expect((await post('/wallet_balance')).http).toBe(200);
  });

  it.each([
    [{ kind: 'html' }, 502, '<html>'],
    [{ kind: 'html', status: 524 }, 524, '<html>'],
    [{ kind: 'server-error' }, 500, 'Internal server error'],
    [{ kind: 'server-error', status: 503 }, 503, 'Service temporarily unavailable'],
    [{ kind: 'refuse', why: 'credit' }, 402, 'Insufficient credits'],
    [{ kind: 'says', body: { hello: ['world'] } }, 200, '{"hello":["world"]}'],
  ] as const)('answers %j instead', async (fault, http, words) => {
    const { lab, post } = await openLab();
    lab.next('wallet_balance', fault);
    const reply = await post('/wallet_balance');
    expect(reply.http).toBe(http);
    expect(reply.text).toContain(words);
  });

  it('answers with an HTML page after it has charged', async () => {
    const { lab, post } = await openLab();
    lab.next('lora_fine_tune', { kind: 'html', when: 'after' });
    expect((await post('/v3/lora_fine_tune', await loraOrder(post))).http).toBe(502);
    expect(lab.ledger).toHaveLength(1);
  });

  it('leaves the id out of a reply', async () => {
    const { lab, post } = await openLab();
    lab.next('lora_fine_tune', { kind: 'no-id' });
    const { body } = await post('/v3/lora_fine_tune', await loraOrder(post));
    expect(body).toEqual({ status: 'success', messege: 'deploying_gpu', data: 'it will take upto 30 minutes.' });
  });

  it.each(['model_id', 'both'] as const)('names the id %s when told, with 25 characters', async (idField) => {
    const { lab, post } = await openLab({ oddities: { idField, idLength: 25 } });
    const { body } = await post('/v3/lora_fine_tune', await loraOrder(post));
    expect(body.model_id).toBe(lab.trainings[0]!.id);
    expect(body.model_id).toHaveLength(25);
    expect('training_id' in body).toBe(idField === 'both');
  });

  it('stays silent until the caller gives up', async () => {
    const { lab, account } = await openLab();
    lab.next('finetune_list', { kind: 'silence' });
    const body = JSON.stringify({ key: account.key });
    const headers = { 'content-type': 'application/json' };
    const giveUp = new AbortController();
    const call = fetch(`${lab.url}/v3/finetune_list`, { method: 'POST', headers, body, signal: giveUp.signal });
    await lab.until(() => lab.requests.length === 1);
    giveUp.abort();
    await expect(call).rejects.toThrow('aborted');
  });

  it('drips an answer a byte at a time', async () => {
    const { lab, clock, post } = await openLab();
    lab.next('wallet_balance', { kind: 'slow-drip', overMs: 1_000 });
    const state = { isDone: false, steps: 0 };
    const call = post('/wallet_balance').finally(() => (state.isDone = true));
    for (; !state.isDone; state.steps += 1) {
      clock.advance(20);
      await new Promise(setImmediate);
    }
    expect((await call).body.data.balance).toBe(25);
    expect(state.steps).toBeGreaterThan(40);
  });

  it('strikes by chance in the same way for the same seed', async () => {
    const fates = async (seed: string) => {
      const faults = [{ call: 'any', chance: 0.4, fault: { kind: 'server-error' } }] as const;
      const { post } = await openLab({ seed, oddities: { faults } });
      const codes: number[] = [];
      for (let i = 0; i < 20; i += 1) codes.push((await post('/wallet_balance')).http);
      return codes.join(' ');
    };
    const first = await fates('a');
    expect(first).toContain('500');
    expect(first).toContain('200');
    expect(await fates('a')).toBe(first);
    expect(await fates('b')).not.toBe(first);
  });

  it('tells everything that happens, from the first event on, to whoever asks late', async () => {
    const { lab, post } = await openLab();
    await post('/wallet_balance');
    await lab.close();
    const types: string[] = [];
    for await (const { type } of lab.events) types.push(type);
    expect(types).toEqual(['request']);
  });

  it('gives up waiting for something that does not happen', async () => {
    const { lab } = await openLab();
    await expect(lab.until(() => false, { withinMs: 5 })).rejects.toThrow('timeout');
  });
});
