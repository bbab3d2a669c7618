import { z } from 'zod';
import { amount, sentences, word } from './scalars.ts';

/** Any answer: success, refusal, or something that only looks like one. */
export interface Envelope {
  /** The whole answer, for the schema of its call. */
  readonly body: unknown;
  /** `success`, `error`, …: lower case, undefined when it says nothing. */
  readonly status: string | undefined;
  /** What it says about itself, most important first. */
  readonly texts: readonly string[];
  /** The texts are about fields of the request, by name. */
  readonly isAboutFields: boolean;
  /** Whether one of its texts stands under the name of this field. */
  readonly isAbout: (field: string) => boolean;
  /** It says so in another way than by its status. */
  readonly isUnsuccessful: boolean;
  readonly retryAfterSeconds: number | undefined;
}

const envelope = z.looseObject({ status: word, retry_after: amount.optional().catch(() => undefined) });

/** Undefined when it is no JSON object: a list, a page of a proxy, an empty or a cut answer. */
export function readEnvelope(body: unknown): Envelope | undefined {
  const { data } = envelope.safeParse(body);
  if (data === undefined) return undefined;
  const said = data['messege'] ?? data['message'] ?? data['error'];
  return {
    body: data,
    status: data.status?.toLowerCase(),
    texts: [said, data['tip'], data['tips']].flatMap((text) => sentences(text)),
    isAboutFields: typeof said === 'object' && said !== null,
    isAbout: (field) => [said, data['errors']].some((told) => Object.hasOwn(Object(told) as object, field)),
    isUnsuccessful:
      data['success'] === false ||
      data['ok'] === false ||
      (data.status === undefined && sentences(data['error']).length > 0),
    retryAfterSeconds: data.retry_after,
  };
}

/**
 * Undefined when it is no JSON, or lists in lists without end: reading those takes long, and code that looks into them goes as
 * deep. The parser's error is dropped: it quotes the text, which may echo the key.
 */
export function parseJson(text: string, mostParts = Infinity): unknown {
  if (!isWithin(text, mostParts)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const deepest = 100;
/** What a list or an object takes in memory, in values. */
const partsOfList = 4;

/** Whether it is no deeper than is read, and has no more parts: three characters of text may take sixty bytes of memory. */
function isWithin(text: string, mostParts: number): boolean {
  let [depth, parts] = [0, 0];
  let isInString = false;
  for (let index = 0; index < text.length && depth <= deepest && parts <= mostParts; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) isInString = !isInString;
    else if (isInString) index += Number(code === backslash);
    else if (code === comma) parts += 1;
    else if (code === bracket || code === brace) {
      depth += 1;
      parts += partsOfList;
    } else if (code === bracket + 2 || code === brace + 2) depth -= 1;
  }
  return depth <= deepest && parts <= mostParts;
}

/** The ends of the last two come two behind them. */
const [quote, backslash, comma, bracket, brace] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];
