import type { TrainingId } from '../../lib/ids.ts';
import { parseJson } from './envelope.ts';
import { webhookCall } from './replies.ts';

/**
 * The training that a call of the provider's names. Calls are not signed: whoever is told has to ask the provider before
 * anything comes of it.
 */
export function namedIn(body: string): TrainingId | undefined {
  return webhookCall.safeParse(parseJson(body)).data;
}
