import { expect, it } from 'vitest';
import { namedIn } from '../../../src/services/modelslab/replies.ts';

const call = { status: 'success', training_status: 'deploying_gpu', logs: 'it will take upto 25 minutes' };

it.each([
  ['model_id, as documented', JSON.stringify({ ...call, model_id: 'F5jvdzGnYi' }), 'F5jvdzGnYi'],
  ['training_id', JSON.stringify({ ...call, training_id: 'F5jvdzGnYi' }), 'F5jvdzGnYi'],
  ['a number', JSON.stringify({ model_id: 134701497 }), '134701497'],
  ['no id', JSON.stringify(call), undefined],
  ['an id that would change the path of a call', JSON.stringify({ model_id: '../x y' }), undefined],
  ['an object for an id', JSON.stringify({ model_id: { $ne: '' } }), undefined],
  ['a list', '[]', undefined],
  ['no JSON', 'model_id=F5jvdzGnYi', undefined],
  ['nothing', '', undefined],
])('reads a call with %s', (_name, body, named) => {
  expect(namedIn(body)).toBe(named);
});
