import { describe, expect, it } from 'vitest';
import { usageText } from '../../../src/services/modelslab/sanitize.ts';

const secret = 'Zq7Vt2XbLw9RkD4mYs8HcN1fJg6PaE3u';

describe('the request that uses a model', () => {
  it('is JSON, as the provider gives it', () => {
    const request = { method: 'POST', body: { model_id: 'flux', steps: 20, prompt: '<lora:a> zkw', max_tokens: 5 } };
    expect(JSON.parse(usageText(request, [secret])!)).toEqual(request);
  });

  it('has no field for a key or a token, wherever it stands', () => {
    const body = { key: 'YOUR_KEY', api_key: 'x', apiKey: 'x', hf_token: 'x', prompt: 'a' };
    const headers = { Authorization: 'Bearer x', 'X-API-Key': 'x', accept: 'json' };
    const clean = { body: [{ prompt: 'a' }], headers: { accept: 'json' } };
    expect(usageText({ body: [body], headers }, [secret])).toBe(JSON.stringify(clean, undefined, 2));
  });

  it.each([
    ['whole', `use ${secret}`, 'use [key]'],
    ['in a URL', `https://x.example/?k=${secret}`, 'https://x.example/?k=[key]'],
    ['behind an invisible character', `${secret.slice(0, 16)}\u200b${secret.slice(16)}`, '[key]'],
  ])('does not tell the key %s', (_name, prompt, clean) => {
    expect(usageText({ prompt }, [secret])).toBe(JSON.stringify({ prompt: clean }, undefined, 2));
  });

  it.each([
    ['it names a field after the key', { [secret]: 1 }],
    [
      'it names a field after the key with something invisible in it',
      { [`${secret.slice(0, 16)}\u200b${secret.slice(16)}`]: 1 },
    ],
    ['half of it would have to go', { prompt: 'x'.repeat(1500) }],
    ['it is a sentence', 'POST it to us'],
    ['it is nothing', null],
    ['it is empty', {}],
    ['it is missing', undefined],
  ])('is left out when %s', (_name, request) => {
    expect(usageText(request, [secret])).toBeUndefined();
  });
});
