import { isLoopback } from './downloads.ts';
import { textOf } from './fields.ts';
import { writeLog } from './log.ts';
import type { Provider } from './provider.ts';
import type { Training } from './trainings.ts';

const longestMs = 30_000;

/** Best effort: told once per stage, never again, and nobody waits for it. */
export async function tellWebhook(training: Training, provider: Provider): Promise<void> {
  const url = textOf(training.request, 'webhook');
  if (!isLoopback(url) || !isDue(training, provider)) return;
  const times = provider.oddities.webhooks === 'twice' ? 2 : 1;
  const body = JSON.stringify({
    status: 'success',
    training_status: training.stage,
    logs: writeLog(training, provider.oddities.log),
    model_id: training.id,
  });
  for (let i = 0; i < times; i += 1) {
    const outcome = await post(url, body, provider.signal);
    provider.journal.emit({ type: 'webhook', trainingId: training.id, stage: training.stage, outcome });
  }
}

function isDue({ ending }: Training, { oddities }: Provider): boolean {
  if (oddities.webhooks === 'never') return false;
  return oddities.webhooks !== 'at-end' || ending !== undefined;
}

async function post(url: string, body: string, signal: AbortSignal): Promise<number | 'no answer'> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 'no answer';
  }
}
