import { errorAnswer, refusal, said } from './answers.ts';
import type { Answer } from './answers.ts';
import { hasBaseModel, unknownModel } from './base-models.ts';
import type { Ask, Call } from './call.ts';
import { demandFields, flag, number, text, textOf } from './fields.ts';
import type { Fields, Form } from './fields.ts';
import { prices } from './ledger.ts';
import { loadOf, reload as loadAgain } from './loading.ts';
import { paint } from './paintings.ts';
import type { PictureOrder } from './picture-orders.ts';
import type { Provider } from './provider.ts';

const form: Form = {
  model_id: { check: text, required: true },
  prompt: { check: text, required: true },
  negative_prompt: { check: text, nullable: true },
  width: { check: number(64, 1024, 8) },
  height: { check: number(64, 1024, 8) },
  samples: { check: number(1, 4) },
  num_inference_steps: { check: number(1, 50) },
  guidance_scale: { check: number(1, 20) },
  safety_checker: { check: flag },
  seed: { check: number(0, 2 ** 32), nullable: true },
  lora_model: { check: text, nullable: true },
  lora_strength: { check: number(0.1, 1) },
};

function order(ask: Ask, provider: Provider): Answer | Promise<Answer> {
  const { account, fields } = ask;
  demandFields(fields, form, 'message');
  const photos = photosOf(ask, provider);
  if ('http' in photos) return photos;
  const samples = Number(fields['samples'] ?? 1);
  const amount = samples * prices.picture;
  provider.ledger.demand(account, amount);
  const id = 10_000_000 + Math.floor(provider.random('pictures')() * 1e8);
  provider.ledger.charge(account, { trainingId: String(id), amount, request: fields });
  const isLater = provider.oddities.pictures !== 'at-once';
  const picture: PictureOrder = {
    id,
    account,
    fields,
    photos,
    readyAt: provider.clock.now() + (isLater ? provider.pace.lengthOf(provider.trainingMs / 10) : 0),
  };
  provider.pictures.add(picture);
  return fetched(picture, provider);
}

/** What the named models were trained on; an answer when one of them is unknown or not loaded. */
function photosOf({ account, fields }: Ask, provider: Provider): readonly Buffer[] | Answer {
  const base = textOf(fields, 'model_id');
  const wanted = [base, ...textOf(fields, 'lora_model').split(',')].map((name) => name.trim()).filter(Boolean);
  const photos: Buffer[] = [];
  for (const name of wanted) {
    if (name === base && hasBaseModel(name)) continue;
    const training = provider.trainings.find(name);
    if (training?.account !== account || training.deleted) return unknownModel(name);
    if (training.ending !== 'ready' || loadOf(training, provider.clock.now()) !== 'loaded') {
      return errorAnswer(400, { message: `Model not loaded: ${name}` });
    }
    training.usedAt = provider.clock.now();
    photos.push(...training.images.map(({ bytes }) => bytes));
  }
  return photos;
}

async function fetched(picture: PictureOrder, provider: Provider): Promise<Answer> {
  const etaMs = picture.readyAt - provider.clock.now();
  if (etaMs > 0) return processing(picture, etaMs, provider);
  const { pictures, pictureLinks } = provider.oddities;
  if (pictures === 'failed') return failed(picture);
  picture.links ??= draw(picture, provider);
  const links = await picture.links;
  const places = pictureLinks === 'output' ? { output: links } : { output: [], proxy_links: links };
  return said({ generationTime: 14.07, id: picture.id, ...places, meta: picture.fields });
}

function processing({ id, fields }: PictureOrder, etaMs: number, { origin, oddities }: Provider): Answer {
  const body = {
    status: 'processing',
    tip: 'Your image is processing in background, you can get this image using fetch API',
    eta: etaMs / 1000,
    fetch_result: `${origin()}/api/v6/images/fetch/${id}`,
    id,
    output: oddities.processingOutput === 'array' ? [] : '',
    meta: fields,
  };
  return { http: 200, body };
}

/** The documents have this word in a sentence; no schema has it. */
function failed({ id }: PictureOrder): Answer {
  const message = 'The pictures could not be generated, please try again';
  return { http: 200, body: { status: 'failed', id, message, output: '' } };
}

async function draw({ id, fields, photos }: PictureOrder, { files, journal }: Provider): Promise<readonly string[]> {
  const { width = 512, height = 512, samples = 1 } = fields;
  const links: string[] = [];
  for (let i = 0; i < Number(samples); i += 1) {
    const picture = await paint(photos, { width: Number(width), height: Number(height), variant: i + 1 });
    links.push(await files.put(`${id}-${i}.png`, picture));
  }
  journal.emit({ type: 'pictured', id, links });
  return links;
}

function fetchLater({ account, id, fields }: Ask, provider: Provider): Answer | Promise<Answer> {
  const picture = provider.pictures.find(id || idIn(fields));
  if (picture?.account !== account) return errorAnswer(404, { message: 'Request not found' });
  return fetched(picture, provider);
}

function idIn(fields: Fields): string {
  const id = fields['request_id'];
  return typeof id === 'number' ? String(id) : textOf(fields, 'request_id');
}

/** Takes a tenth of a training, in which the status tells that the model is loading. */
function reload({ account, fields }: Ask, provider: Provider): Answer {
  demandFields(fields, { model_id: { check: text, required: true } }, 'message');
  const { trainings, clock, pace, trainingMs } = provider;
  const training = trainings.get(textOf(fields, 'model_id'), account);
  if (training.ending !== 'ready') return refusal('not-found');
  loadAgain(training, clock.now(), pace.lengthOf(trainingMs / 10));
  return said({ messege: 'Model is reloading' });
}

export const pictureCalls: readonly Call[] = [
  { name: 'images/text2img', path: '/v6/images/text2img', isV3: false, isPaid: true, answer: order },
  { name: 'images/fetch', path: '/v6/images/fetch/:id', isV3: false, answer: fetchLater },
  { name: 'images/fetch', path: '/v6/images/fetch', isV3: false, answer: fetchLater },
  { name: 'model_reload', path: '/v4/dreambooth/model_reload', isV3: false, answer: reload },
];
