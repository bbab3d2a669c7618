import sharp from 'sharp';

import { errorAnswer, said } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Ask, Call } from './call.ts';
import { demandFields, oneOf, text, textOf } from './fields.ts';
import type { Provider } from './provider.ts';
import { randomWord } from '../random.ts';

const largestUploadBytes = 5 * 1024 * 1024;
const cropSide = 512;

async function upload({ fields }: Ask, { files, random: streams, journal }: Provider): Promise<Answer> {
  demandFields(fields, { image: { check: text, required: true }, crop: { check: oneOf('true', 'false') } }, 'message');
  const base64 = /^data:image\/\w+;base64,([A-Za-z0-9+/=]+)$/.exec(textOf(fields, 'image'))?.[1];
  if (base64 === undefined) return badImage('The image must be a base64 data URI.');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > largestUploadBytes) return badImage('The image may not be greater than 5 MB.');
  const isCropped = (fields['crop'] ?? 'true') === 'true';
  const picture = await (isCropped ? crop(bytes) : verbatim(bytes));
  if (picture === undefined) return badImage('The image could not be read.');
  const random = streams('uploads');
  const link = await files.put(`${randomWord(random, 20)}.png`, picture);
  journal.emit({ type: 'uploaded', link });
  return said({ messege: 'image uploaded', link, request_id: 1 + Math.floor(random() * 1e8) });
}

/** Of the two descriptions of this call, one demands the right spelling here, and the other allows it. */
function badImage(complaint: string): Answer {
  return errorAnswer(400, { message: { image: [complaint] } });
}

async function crop(bytes: Buffer): Promise<Buffer | undefined> {
  const picture = sharp(bytes).resize(cropSide, cropSide, { fit: 'cover' }).png();
  return picture.toBuffer().catch(() => undefined);
}

async function verbatim(bytes: Buffer): Promise<Buffer | undefined> {
  const metadata = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  return metadata && bytes;
}

function wallet({ account }: Ask): Answer {
  return said({ data: { balance: account.balance, currency: 'USD' } });
}

export const accountCalls: readonly Call[] = [
  { name: 'base64_crop', path: '/v3/base64_crop', isV3: true, answer: upload },
  { name: 'wallet_balance', path: '/wallet_balance', isV3: false, answer: wallet },
];
