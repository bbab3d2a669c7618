import { describe, expect, it } from 'vitest';
import { createWake } from '../../../src/services/jobs/wake.ts';

const never = new AbortController().signal;
const forever = 2 ** 30;

describe('a wake', () => {
  it('ends a sleep', async () => {
    const wake = createWake();
    const asleep = wake.sleep(forever, never);
    wake.now();
    await expect(asleep).resolves.toBeUndefined();
  });

  it('that comes before the sleep is not lost', async () => {
    const wake = createWake();
    wake.now();
    await expect(wake.sleep(forever, never)).resolves.toBeUndefined();
  });

  it('ends one sleep only', async () => {
    const wake = createWake();
    wake.now();
    wake.now();
    await wake.sleep(forever, never);
    const stopping = new AbortController();
    let isOver = false;
    const second = wake.sleep(forever, stopping.signal).then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    stopping.abort();
    await second;
  });

  it('sleeps no longer than it was told to', async () => {
    await expect(createWake().sleep(1, never)).resolves.toBeUndefined();
  });

  it('does not sleep when the signal has aborted, and wakes when it aborts', async () => {
    const stopping = new AbortController();
    const asleep = createWake().sleep(forever, stopping.signal);
    stopping.abort();
    await expect(asleep).resolves.toBeUndefined();
    await expect(createWake().sleep(forever, stopping.signal)).resolves.toBeUndefined();
  });

  it('leaves nothing behind on the signal, which lives as long as the process', async () => {
    const wake = createWake();
    const signal = new AbortController().signal;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners += 1;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...given);
    };
    for (let round = 0; round < 3; round += 1) await wake.sleep(0, signal);
    expect(listeners).toBe(0);
  });
});
