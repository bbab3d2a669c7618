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
    texts: [said, data['tip'], data['tips']].flatMap(sentences),
    isAboutFields: typeof said === 'object' && said !== null,
    retryAfterSeconds: data.retry_after,
  };
}

/** Undefined when it is no JSON. The parser's error is dropped: it quotes the text, which may echo the key. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
