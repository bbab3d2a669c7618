import { describe, expect, it } from 'vitest';

import type { CallName } from '../../playground/modelslab/call-names.ts';
import { loraOrder, openLab, trainingMs } from './modelslab-lab.ts';
import type { Reply } from './modelslab-lab.ts';
import { readOpenApi } from './modelslab-openapi.ts';

type Exchange = readonly [CallName, Reply];

const openApi = readOpenApi();
if (openApi === undefined) {
  console.warn(
    'The provider’s OpenAPI files are not at hand: the replies of the stand-in are not checked against them',
  );
}

/** Every call that a description tells of, once as it should go and once refused. */
async function callEverything(): Promise<readonly Exchange[]> {
  const open = await openLab();
  const { post, clock, lab } = open;
  const exchanges: Exchange[] = [];
  const call = async (name: CallName, path: string, fields: object = {}): Promise<Reply> => {
    const reply = await post(path, fields);
    exchanges.push([name, reply]);
    return reply;
  };
  const order = await loraOrder(post);
  const id = String((await call('lora_fine_tune', '/v3/lora_fine_tune', order)).body.training_id);
  await call('lora_fine_tune', '/v3/lora_fine_tune', { ...order, key: 'wrong' });
  await call('fine_tune_status', `/v3/fine_tune_status/${id}`);
  await open.finish(id);
  await call('fine_tune_status', `/v3/fine_tune_status/${id}`);
  await call('fine_tune_status', '/v3/fine_tune_status/unknown');
  await call('finetune_list', '/v3/finetune_list');
  await call('finetune_list', '/v3/finetune_list', { key: 'wrong' });
  await call('wallet_balance', '/wallet_balance');
  const picture = { model_id: 'sdxl', lora_model: id, prompt: 'zkw man' };
  const { body } = await call('images/text2img', '/v6/images/text2img', picture);
  await call('images/text2img', '/v6/images/text2img', { ...picture, key: 'wrong' });
  clock.advance(trainingMs / 10);
  await call('images/fetch', '/v6/images/fetch', { request_id: String(body.id) });
  await call('images/fetch', '/v6/images/fetch/0');
  await call('model_reload', '/v4/dreambooth/model_reload', { model_id: id });
  const image = `data:image/png;base64,${lab.trainings[0]!.images[0]!.bytes.toString('base64')}`;
  await call('base64_crop', '/v3/base64_crop', { image, crop: 'true' });
  await call('cancle_training', '/v3/cancle_training/unknown');
  const other = String((await post('/v3/lora_fine_tune', order)).body.training_id);
  await call('cancle_training', `/v3/cancle_training/${other}`);
  lab.oddities.cancelPath = 'both';
  await call('cancel_training', '/v3/cancel_training/unknown');
  await call('finetune/delete', `/v3/finetune/delete/${other}`);
  return exchanges;
}

describe.runIf(openApi !== undefined)('the replies of the stand-in', () => {
  it('are what the provider’s OpenAPI files describe, for every call that they describe', async () => {
    const exchanges = await callEverything();
    const verdicts = exchanges.map(([name, { http, body }]) => openApi!.checkReply(name, http, body));
    expect(verdicts.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(verdicts.every(({ asked }) => asked > 0)).toBe(true);
    expect(new Set(exchanges.map(([name]) => name))).toEqual(new Set(openApi!.calls));
  });

  it('would be found out if they were of another shape', () => {
    const { complaints } = openApi!.checkReply('finetune_list', 200, { status: 'success', data: [{ model_id: 'x' }] });
    expect(complaints).toEqual(['training /finetune_list: data/data/0 must be string']);
    expect(openApi!.checkRequest('lora_fine_tune', { key: 'x' }).complaints).toHaveLength(1);
  });
});
