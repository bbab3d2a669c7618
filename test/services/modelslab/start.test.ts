import { describe, expect, it } from 'vitest';
import { key, never, order, rejection, startScripted, type Reply } from './loopback-provider.ts';

const accepted = { status: 'success', messege: 'deploying_gpu', data: 'it will take upto 25 minutes.' };

/** In so many objects. */
function deep(inner: object, levels: number): object {
  return levels === 0 ? inner : { meta: deep(inner, levels - 1) };
}

describe('start, when the provider accepts', () => {
  it.each([
    ['training_id', { ...accepted, training_id: 'F5jvdzGnYi' }, 'F5jvdzGnYi'],
    ['model_id, as no training_id is there', { ...accepted, model_id: 'F5jvdzGnYi' }, 'F5jvdzGnYi'],
    ['model_id, as training_id is null', { ...accepted, training_id: null, model_id: 'second' }, 'second'],
    ['a number', { ...accepted, training_id: 134701497 }, '134701497'],
    ['an id without any status', { training_id: 'F5jvdzGnYi' }, 'F5jvdzGnYi'],
  ])('reads %s', async (_name, json, id) => {
    const provider = await startScripted({ json });
    await expect(provider.api().start(order, key, never)).resolves.toBe(id);
  });

  it('believes a success with an id even under HTTP 500, because that training exists', async () => {
    const provider = await startScripted({ status: 500, json: { ...accepted, training_id: 'F5jvdzGnYi' } });
    await expect(provider.api().start(order, key, never)).resolves.toBe('F5jvdzGnYi');
  });

  it('calls the path of its method below the right root, with the key in the body only', async () => {
    const provider = await startScripted({ json: { ...accepted, training_id: 'F5jvdzGnYi' } });
    const api = provider.api();
    for (const method of ['lora-sdxl', 'lora-sd15', 'dreambooth', 'sandbox'] as const) {
      await api.start({ ...order, method }, key, never);
    }
    expect(provider.received.map(({ path }) => path)).toEqual([
      '/api/v3/lora_fine_tune',
      '/api/v3/lora_fine_tune',
      '/api/v3/fine_tune',
      '/api/sandbox/v3/fine_tune',
    ]);
    for (const { body } of provider.received) expect(body).toMatchObject({ key: key.secret });
  });
});

describe('start, when nobody knows whether it was charged, is "ambiguous"', () => {
  it.each([
    ['HTTP 500 with an excuse', { status: 500, json: { status: 'error', message: 'Internal server error.' } }],
    [
      'HTTP 500 with the words of a refusal',
      { status: 500, json: { status: 'error', message: 'Insufficient credits.' } },
    ],
    ['HTTP 503', { status: 503, json: { status: 'error', message: 'Service temporarily unavailable.' } }],
    ['HTTP 500 with a word', { status: 500, text: 'oops' }],
    [
      'a server error told with HTTP 200',
      { json: { status: 'error', messege: 'Internal server error. Please try again.' } },
    ],
    ['a page with HTTP 200', { text: '<html><title>Just a moment</title></html>' }],
    ['a page with HTTP 502', { status: 502, text: '<html><h1>Bad Gateway</h1></html>' }],
    ['a page with HTTP 524', { status: 524, text: '<html>A timeout occurred</html>' }],
    ['HTTP 408, since a gateway may have passed it on', { status: 408, text: '' }],
    ['HTTP 499', { status: 499, json: { status: 'error', message: 'closed' } }],
    ['a redirect', { status: 302, text: '', headers: { location: 'https://elsewhere.example/' } }],
    ['a success without an id', { json: accepted }],
    [
      'two ids, of which nobody knows which is the training',
      { json: { ...accepted, training_id: 'a1', model_id: 'b2' } },
    ],
    ['an id that is false', { json: { ...accepted, training_id: false } }],
    ['an id that is true', { json: { ...accepted, training_id: true } }],
    ['an id that is 0', { json: { ...accepted, training_id: 0 } }],
    ['an id below 0', { json: { ...accepted, training_id: -1 } }],
    ['a word for no id', { json: { ...accepted, training_id: 'None' } }],
    ['a number that JSON can only round', { text: '{"status":"success","training_id":12345678901234567890}' }],
    [
      'no success, by another field',
      { json: { success: false, message: 'Insufficient credits', training_id: 'Qq77wwEE11' } },
    ],
    ['an error beside an id', { json: { error: 'Insufficient credits', training_id: 'Qq77wwEE11' } }],
    ['"unsuccessful" beside an id', { json: { status: 'unsuccessful', training_id: 'Qq77wwEE11' } }],
    [
      'a status of HTTP beside an id',
      { json: { status: 402, message: 'Insufficient credits', training_id: 'Qq77wwEE11' } },
    ],
    ['an empty id', { json: { ...accepted, training_id: '' } }],
    ['an id that would change the path of a call', { json: { ...accepted, training_id: '..' } }],
    ['an empty answer', { text: '' }],
    ['half an answer', { text: '{"status":"success","training_id":"F5j' }],
    ['a list', { json: [] }],
    ['a compressed answer', { text: 'x', headers: { 'content-encoding': 'gzip' } }],
  ])('%s', async (_name, reply) => {
    const provider = await startScripted(reply);
    await expect(provider.api().start(order, key, never)).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(provider.received).toHaveLength(1);
  });
});

describe('start, when a refusal names what it would have made, is "ambiguous", because that may exist and be billed', () => {
  const no = { status: 'error', messege: 'Something went wrong' };
  const named = { training_id: 'F5jvdzGnYi' };
  it.each([
    ['training_id', { json: { ...no, ...named } }],
    ['model_id', { json: { ...no, model_id: 'F5jvdzGnYi' } }],
    ['an id that is a number', { json: { ...no, id: 134701497 } }],
    ['request_id', { json: { ...no, request_id: 'b2c7' } }],
    ['an id in its data', { json: { ...no, data: { id: 'F5jvdzGnYi' } } }],
    ['an id in a list in its data', { json: { ...no, data: [{ model: { model_id: 'F5jvdzGnYi' } }] } }],
    ['an id in what it says', { json: { status: 'error', message: { text: 'Already there', ...named } } }],
    ['an id in an error', { json: { error: { code: 409, ...named } }, status: 409 }],
    ['an id in JSON within its data', { json: { ...no, data: JSON.stringify(named) } }],
    [
      'an id, and the word of an empty wallet',
      { json: { status: 'error', message: 'Insufficient credits.', ...named } },
    ],
    ['an id, with HTTP 400', { status: 400, json: { ...no, ...named } }],
    ['an id, with HTTP 401', { status: 401, json: { status: 'error', message: 'Invalid Api Key', ...named } }],
    ['an id, with HTTP 402 and no word', { status: 402, json: named }],
    ['an id, with HTTP 404', { status: 404, json: { ...no, ...named } }],
    ['an id, with HTTP 429', { status: 429, json: { message: 'Rate limit exceeded', retry_after: 30, ...named } }],
    ['an id, with HTTP 302', { status: 302, json: { ...no, ...named } }],
    ['an id, and "failed"', { json: { status: 'failed', ...named } }],
    ['an id, and an answer that is a list', { status: 422, json: [{ ...no, ...named }] }],
    ['an id, and an answer that is cut', { status: 429, text: '{"status":"error","training_id":"F5jvd' }],
    ['an id of a database', { json: { ...no, _id: 'F5jvdzGnYi' } }],
    ['an id of a database in its data', { json: { ...no, data: { _id: 'F5jvdzGnYi' } } }],
    ['an id in an object', { json: { ...no, training_id: { $oid: 'F5jvdzGnYi' } } }],
    ['an id with a space', { json: { ...no, training_id: 'F5 jv' } }],
    ['an id that is too long', { json: { ...no, training_id: 'a'.repeat(300) } }],
    ['an id that is true', { json: { ...no, training_id: true } }],
    ['an id among those of the field', { json: { status: 'error', messege: { training_id: ['F5jvdzGnYi'] } } }],
    ['an id in a field of another name', { json: { ...no, training: 'Qq77wwEE11' } }],
    ['an id in a field of two things', { json: { ...no, lora_model_id: 'kbCRoakwGb' } }],
    ['an id as its data', { json: { ...no, data: 'Qq77wwEE11' } }],
    ['an id in a list as its data', { json: { ...no, data: ['Qq77wwEE11'] } }],
    ['a number as its training', { json: { ...no, training: 134701497 } }],
    ['an id, deep down', { json: deep({ ...no, training_id: 'F5jvdzGnYi' }, 60) }],
    ['an id in its words', { json: { ...no, message: 'Something went wrong with training_id: Qq77wwEE11' } }],
    ['an id in JSON in its words', { json: { status: 'error', message: 'Error: {"training_id":"Qq77wwEE11"}' } }],
    ['an id in its tip', { json: { ...no, tip: 'model_id=kbCRoakwGb' } }],
    [
      'what was begun, in its words',
      { json: { ...no, messege: 'Training Qq77wwEE11 was started, the answer failed' } },
    ],
    ['an answer in JSON in JSON', { status: 400, text: JSON.stringify(JSON.stringify({ ...no, ...named })) }],
    ['a link that leads nowhere', { json: { ...no, fetch_result: '/api/v3/fine_tune_status/F5jvdzGnYi' } }],
    ['a link by another name', { json: { ...no, status_url: 'https://provider.example/status/F5jvdzGnYi1' } }],
    ['a list of links', { json: { ...no, links: ['https://provider.example/status/F5jvdzGnYi'] } }],
    ['a link in its words', { json: { ...no, message: 'See https://provider.example/api/status/F5jvdzGnYi1' } }],
    [
      'an id in a field that stands there twice',
      { text: '{"status":"error","training_id":"Qq77wwEE11","training_id":null}' },
    ],
    ['an id, in words', { status: 409, text: 'conflict: training_id=F5jvdzGnYi' }],
  ])('%s', async (_name, reply) => {
    for (const method of ['lora-sdxl', 'dreambooth-v2', 'flux'] as const) {
      const provider = await startScripted(reply);
      await expect(provider.api().start({ ...order, method }, key, never)).rejects.toMatchObject({ kind: 'ambiguous' });
      expect(provider.received).toHaveLength(1);
    }
  });

  it('is not tried in other words', async () => {
    const json = { status: 'error', messege: { training_type: ['The selected value is invalid.'] }, ...named };
    const provider = await startScripted({ json });
    await rejection(provider.api().start({ ...order, subject: 'woman' }, key, never));
    expect(provider.received).toHaveLength(1);
  });

  it.each([
    ['a refusal', { json: { ...no, ...named } }],
    ['a fault of the server', { status: 500, json: { ...no, data: named } }],
    ['a list', { status: 422, json: [named] }],
  ])('tells the id that %s names, for whoever has to look', async (_name, reply) => {
    const provider = await startScripted(reply);
    await expect(provider.api().start(order, key, never)).rejects.toMatchObject({ named: 'F5jvdzGnYi' });
  });
});

describe('start, for a word that two of the provider’s documents spell differently', () => {
  const notInTheList = { json: { status: 'error', messege: { training_type: ['The selected value is invalid.'] } } };
  const words = async (subject: 'woman' | 'man', ...replies: readonly Reply[]) => {
    const provider = await startScripted(...replies);
    await provider
      .api()
      .start({ ...order, subject }, key, never)
      .catch(() => undefined);
    return provider.received.map(({ body }) => (body as Record<string, unknown>)['training_type']);
  };

  it('takes the newer one once the older one was refused', async () => {
    expect(await words('woman', notInTheList, { json: accepted })).toEqual(['female', 'women']);
  });

  it.each([
    ['nothing was refused', 'woman', { json: accepted }, ['female']],
    [
      'something else was refused',
      'woman',
      { json: { status: 'error', messege: 'Insufficient credits.' } },
      ['female'],
    ],
    ['nobody knows whether it was charged', 'woman', { status: 500, text: 'is invalid' }, ['female']],
    ['there is no other word', 'man', notInTheList, ['men']],
    ['both were refused', 'woman', notInTheList, ['female', 'women']],
    ['it was refused without a word', 'woman', { status: 400, json: { status: 'error', message: 'No' } }, ['female']],
    ['another field was refused', 'woman', { status: 422, json: { messege: { seed: ['Too large.'] } } }, ['female']],
  ] as const)('asks no more when %s', async (_name, subject, reply, sent) => {
    expect(await words(subject, reply)).toEqual(sent);
  });
});

it('start is "rejected" when the only id that a refusal names is what was asked for', async () => {
  const json = {
    status: 'error',
    messege: 'Model not found: portraitplus-diffusion',
    model_id: 'portraitplus-diffusion',
  };
  const provider = await startScripted({ json });
  const asked = provider.api().start({ ...order, method: 'dreambooth' }, key, never);
  await expect(asked).rejects.toMatchObject({ kind: 'rejected', reason: 'not-found' });
});

describe('start, when it was refused before it could be charged, is "rejected"', () => {
  it.each([
    ['a page with HTTP 403 from a firewall', { status: 403, text: '<html>blocked</html>' }, 'other'],
    [
      'a page of a firewall with addresses and numbers',
      { status: 403, text: '<html>Ray ID 8f3a2b1c9d See https://firewall.example/articles/200171936 started</html>' },
      'other',
    ],
    ['a page with HTTP 404', { status: 404, text: '<html>Not Found</html>' }, 'other'],
    ['a page with HTTP 413', { status: 413, text: '<html>too large</html>' }, 'other'],
    ['a page with HTTP 429', { status: 429, text: '<html>slow down</html>' }, 'queue-full'],
    ['a refusal in words with HTTP 200', { json: { status: 'error', messege: 'No' } }, 'other'],
    ['a refusal in words with HTTP 409', { status: 409, json: { status: 'error', messege: 'No' } }, 'other'],
    ['a 4xx without a status', { status: 401, json: { message: 'Unauthenticated.' } }, 'key'],
    [
      'an id that is missing',
      { json: { status: 'error', messege: { model_id: ['The model id is invalid.'] } } },
      'fields',
    ],
    ['the field of an id', { status: 422, json: { errors: { training_id: ['required'] }, message: 'No' } }, 'fields'],
    [
      'a page of the provider',
      { json: { status: 'error', message: 'Upgrade at https://modelslab.com/pricing' } },
      'plan',
    ],
    [
      'the links that were sent',
      { status: 400, json: { status: 'error', messege: { images: order.images } } },
      'fields',
    ],
    ['a code', { json: { status: 'error', message: 'No', code: 'E10017B', error_code: 'ERR_4711x' } }, 'other'],
    [
      'numbers',
      { json: { status: 'error', messege: 'No', limit: 5, timestamp: 1795838405164, credits: 12.5 } },
      'other',
    ],
    ['a kind of error', { status: 409, json: { error: { type: 'InvalidRequest', message: 'No' } } }, 'fields'],
    ['words that have digits', { json: { status: 'error', message: 'Use SDXL1.0 or 512x512 images' } }, 'other'],
    [
      'an id that says nothing',
      { json: { status: 'error', messege: 'No', training_id: null, id: 0, data: '' } },
      'other',
    ],
  ])('%s', async (_name, reply, reason) => {
    const provider = await startScripted(reply);
    await expect(provider.api().start(order, key, never)).rejects.toMatchObject({ kind: 'rejected', reason });
  });
});
