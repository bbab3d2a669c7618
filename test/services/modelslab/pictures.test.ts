import { describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import type { MethodId } from '../../../src/services/modelslab/methods.ts';
import { key, never, secret, startScripted, type Reply } from './loopback-provider.ts';

const picture = { method: 'lora-sdxl', trainingId: 'F5jvdzGnYi' as TrainingId, prompt: 'zkw man', count: 2 } as const;
const links = ['https://pub.example/1.png', 'https://pub.example/2.png'];
const processing = { status: 'processing', eta: 2.75, id: 134701497, output: [] };

async function drawn(reply: Reply) {
  const provider = await startScripted(reply);
  return provider.api().draw(picture, key, never);
}

async function fetched(reply: Reply, id = '134701497') {
  const provider = await startScripted(reply);
  return provider.api().fetchPictures(id, key, never);
}

describe('asking for pictures', () => {
  it.each([
    ['lora-sdxl', 1024, { model_id: 'sdxl', lora_model: 'F5jvdzGnYi', lora_strength: 1 }],
    ['lora-sd15', 512, { model_id: 'portraitplus-diffusion', lora_model: 'F5jvdzGnYi', lora_strength: 1 }],
    ['flux', 1024, { model_id: 'flux', lora_model: 'F5jvdzGnYi', lora_strength: 1 }],
    ['dreambooth', 512, { model_id: 'F5jvdzGnYi' }],
    ['dreambooth-v2', 512, { model_id: 'F5jvdzGnYi' }],
  ] satisfies [MethodId, number, object][])(
    'of %s names the model and its base, in numbers',
    async (method, side, model) => {
      const provider = await startScripted({ json: { status: 'success', output: links } });
      await provider.api().draw({ ...picture, method }, key, never);
      expect(provider.received).toEqual([
        {
          path: '/api/v6/images/text2img',
          body: {
            key: secret,
            ...model,
            prompt: 'zkw man',
            width: side,
            height: side,
            samples: 2,
            num_inference_steps: 20,
            guidance_scale: 7.5,
            safety_checker: true,
          },
        },
      ]);
    },
  );

  it.each([
    ['output', { status: 'success', id: 1, output: links }],
    ['proxy_links, as output is empty', { status: 'success', output: [], proxy_links: links }],
    ['proxy_links, as output is none', { status: 'success', output: '', proxy_links: links }],
  ])('gives the links in %s', async (_name, json) => {
    await expect(drawn({ json })).resolves.toEqual({ state: 'made', links });
  });

  it.each([
    ['an empty list', processing],
    ['an empty text', { ...processing, output: '' }],
    ['nothing', { ...processing, output: undefined }],
    ['places where they will be', { ...processing, output: links }],
  ])('gives the id to fetch them by, while the output is %s', async (_name, json) => {
    await expect(drawn({ json })).resolves.toEqual({
      state: 'in-the-making',
      requestId: '134701497',
      etaMs: 2750,
    });
  });

  it('takes the id out of the link where there is no other, and nothing else of the link', async () => {
    const json = { status: 'processing', fetch_result: 'https://elsewhere.example/api/v6/images/fetch/77' };
    await expect(drawn({ json })).resolves.toEqual({ state: 'in-the-making', requestId: '77', etaMs: 0 });
  });

  it.each([
    [-5, 0],
    [1e9, 3_600_000],
    ['soon', 0],
  ])('does not believe a guess of %j seconds', async (eta, etaMs) => {
    await expect(drawn({ json: { ...processing, eta } })).resolves.toMatchObject({ etaMs });
  });

  it('that failed at once is told as such, with the cleaned reason', async () => {
    const json = { status: 'failed', message: `<b>NSFW</b> for ${secret}`, output: [] };
    await expect(drawn({ json })).resolves.toEqual({ state: 'failed', said: 'NSFW for [key]' });
    await expect(drawn({ json: { status: 'failed', id: 1 } })).resolves.toEqual({ state: 'failed', said: undefined });
  });

  it.each([
    ['an idle model', { message: 'Model not loaded: F5jvdzGnYi' }, 'not-loaded'],
    ['an unknown model', { message: 'Model not found: F5jvdzGnYi' }, 'not-found'],
    ['an empty wallet', { message: 'Insufficient credits. Please add more credits to continue.' }, 'credit'],
    [
      'an idle model that it repeats',
      { message: 'Model not loaded', model_id: 'F5jvdzGnYi', output: [] },
      'not-loaded',
    ],
  ])('is refused for %s', async (_name, json, reason) => {
    await expect(drawn({ json: { status: 'error', ...json } })).rejects.toMatchObject({ kind: 'rejected', reason });
  });

  it.each([
    ['no id', { json: { status: 'processing', eta: 3, output: [] } }],
    ['no picture and no id', { json: { status: 'success', output: [] } }],
    ['a page', { text: '<html>Just a moment</html>' }],
    ['HTTP 500', { status: 500, json: { status: 'error', message: 'Internal server error.' } }],
    ['half an answer', { text: '{"status":"success","output":["https://pub' }],
    ['a list', { json: [] }],
    ['a refusal that names an id', { json: { status: 'error', message: 'Model not loaded', id: 134701497 } }],
    ['a refusal with pictures', { status: 400, json: { status: 'error', message: 'No', output: links } }],
    ['a refusal with the way to them', { json: { status: 'error', message: 'No', fetch_result: links[0] } }],
    ['a full queue with pictures', { status: 429, json: { message: 'Rate limit exceeded', images: links } }],
    [
      'an idle model with pictures',
      { json: { status: 'error', message: 'Model not loaded', data: { images: links } } },
    ],
    ['an unknown model with links', { status: 404, json: { status: 'error', message: 'Model not found', links } }],
    ['a full queue with links', { json: { status: 'error', message: 'Rate limit exceeded', image_links: links } }],
    ['a refusal that says where they are', { json: { status: 'error', message: 'No', meta: { fetch: links[1] } } }],
    ['a full queue that names an id', { status: 429, json: { message: 'Rate limit exceeded', data: { id: 7 } } }],
  ])('is "ambiguous" with %s, because it may have been paid for', async (_name, reply) => {
    await expect(drawn(reply)).rejects.toMatchObject({ kind: 'ambiguous' });
  });

  it('shows no link that holds the key', async () => {
    const json = { status: 'success', output: [`https://pub.example/1.png?key=${secret}`, links[1]] };
    await expect(drawn({ json })).resolves.toEqual({ state: 'made', links: [links[1]] });
  });
});

describe('fetching pictures', () => {
  it('posts the key below the API alone, whatever link the answer named', async () => {
    const provider = await startScripted({ json: { status: 'success', id: 1, output: links } });
    await provider.api().fetchPictures('../../134701497', key, never);
    expect(provider.received).toEqual([
      {
        path: '/api/v6/images/fetch/..%2F..%2F134701497',
        body: { key: secret, request_id: '../../134701497' },
      },
    ]);
  });

  it('names them in the body alone where no path ends in their id', async () => {
    const provider = await startScripted(
      { status: 404, text: '<html>Not Found</html>' },
      { json: { status: 'success', id: 1, output: links } },
    );
    expect(await provider.api().fetchPictures('77', key, never)).toEqual({ state: 'made', links });
    expect(provider.received[1]).toEqual({ path: '/api/v6/images/fetch', body: { key: secret, request_id: '77' } });
  });

  it('gives them once they are made', async () => {
    await expect(fetched({ json: { status: 'success', output: links } })).resolves.toEqual({ state: 'made', links });
  });

  it('goes on under the same id when the answer does not repeat it', async () => {
    const json = { status: 'processing', output: '', message: 'Try again' };
    await expect(fetched({ json })).resolves.toEqual({ state: 'in-the-making', requestId: '134701497', etaMs: 0 });
  });

  it('that will never be made says why', async () => {
    const json = { status: 'failed', message: 'Out of memory', output: '' };
    await expect(fetched({ json })).resolves.toEqual({ state: 'failed', said: 'Out of memory' });
  });

  it('that are unknown is refused, and a server that has trouble says nothing about them', async () => {
    const unknown = { status: 404, json: { status: 'error', message: 'Request not found' } };
    await expect(fetched(unknown)).rejects.toMatchObject({ kind: 'rejected', reason: 'not-found' });
    await expect(fetched({ status: 502, text: '<html></html>' })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
