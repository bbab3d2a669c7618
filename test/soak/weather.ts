import type { ChanceFault } from '../../playground/modelslab/faults.ts';
import type { Oddities } from '../../playground/modelslab/oddities.ts';
import type { Random } from '../../playground/random.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Stage } from '../e2e/stage.ts';

/** A bad day at the provider: answers that get lost before and after the charge, proxies, full queues. */
export const faults: readonly ChanceFault[] = [
  { call: 'lora_fine_tune', chance: 0.06, fault: { kind: 'drop', when: 'before' } },
  { call: 'lora_fine_tune', chance: 0.08, fault: { kind: 'drop', when: 'after' } },
  { call: 'lora_fine_tune', chance: 0.04, fault: { kind: 'html', when: 'before' } },
  { call: 'lora_fine_tune', chance: 0.05, fault: { kind: 'html', when: 'after' } },
  { call: 'lora_fine_tune', chance: 0.04, fault: { kind: 'server-error', when: 'before' } },
  { call: 'lora_fine_tune', chance: 0.03, fault: { kind: 'server-error', when: 'after', status: 503 } },
  { call: 'lora_fine_tune', chance: 0.02, fault: { kind: 'no-id' } },
  { call: 'lora_fine_tune', chance: 0.02, fault: { kind: 'refuse', why: 'queue-full' } },
  { call: 'lora_fine_tune', chance: 0.06, fault: { kind: 'late', byMs: 2000 } },
  // Nothing comes back for the client's whole patience of 90 s.
  { call: 'lora_fine_tune', chance: 0.005, fault: { kind: 'silence', when: 'after' } },
  { call: 'finetune_list', chance: 0.04, fault: { kind: 'html' } },
  { call: 'finetune_list', chance: 0.04, fault: { kind: 'drop' } },
  { call: 'finetune_list', chance: 0.03, fault: { kind: 'server-error' } },
  { call: 'fine_tune_status', chance: 0.04, fault: { kind: 'html' } },
  { call: 'fine_tune_status', chance: 0.04, fault: { kind: 'drop' } },
];

/** The list shows a training at once, or so much later; always before an order may be sent again. */
const lags = [0, 0, 2_000, 8_000, 20_000] as const;
const webhooks: readonly Oddities['webhooks'][] = ['each-stage', 'never', 'twice', 'at-end'];

/** Kills the program again and again, and changes the provider's ways in between; resolves to the number of kills. */
export async function storm(stage: Stage, random: Random, signal: AbortSignal): Promise<number> {
  const { oddities } = stage.modelsLab;
  const among = <T>(choices: readonly T[]) => choices[Math.floor(random() * choices.length)]!;
  let startMs = 1000;
  for (let kills = 0; ; kills += 1) {
    oddities.listLagMs = among(lags);
    oddities.webhooks = among(webhooks);
    // A machine that takes long to start the program takes long for everything: nothing would ever be done between two kills.
    await systemClock.sleep(2 * startMs + random() * 6_000, signal);
    if (random() < 0.5) await nextOrder(stage, signal);
    await systemClock.sleep(random() * 300, signal);
    if (signal.aborted) return kills;
    const killedAt = Date.now();
    await stage.restart('SIGKILL');
    startMs = Date.now() - killedAt;
  }
}

/** Until the next paid request arrives, since most can be lost around it; not for ever, since none may be left. */
async function nextOrder({ modelsLab }: Stage, signal: AbortSignal): Promise<void> {
  const orders = () => modelsLab.requests.filter(({ call }) => call === 'lora_fine_tune').length;
  const before = orders();
  await modelsLab.until(() => signal.aborted || orders() > before, { withinMs: 5_000 }).catch(() => undefined);
}
