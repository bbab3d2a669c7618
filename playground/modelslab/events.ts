import type { CallName } from './call-names.ts';

/** Everything that happens in the stand-in, in order. None of it carries a key. */
export type LabEvent = { readonly at: number } & (
  | {
      readonly type: 'request';
      readonly call: CallName | 'unknown';
      readonly path: string;
      readonly outcome: number | 'dropped';
    }
  | { readonly type: 'accepted'; readonly trainingId: string; readonly method: string }
  | { readonly type: 'downloaded'; readonly trainingId: string; readonly images: number; readonly badLinks: number }
  | { readonly type: 'stage'; readonly trainingId: string; readonly stage: string }
  | { readonly type: 'charged'; readonly trainingId: string; readonly amount: number }
  | {
      readonly type: 'webhook';
      readonly trainingId: string;
      readonly stage: string;
      readonly outcome: number | 'no answer';
    }
  | { readonly type: 'uploaded'; readonly link: string }
  | { readonly type: 'pictured'; readonly id: number; readonly links: readonly string[] }
);

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
export type LabNews = WithoutTime<LabEvent>;

export interface LabEvents extends AsyncIterable<LabEvent> {
  /** From the start, so that nobody who asks late has missed anything. */
  readonly seen: readonly LabEvent[];
  subscribe(listener: (event: LabEvent) => void): () => void;
}

export interface LabJournal extends LabEvents {
  emit(news: LabNews): void;
  /** Resolves at the next event or at the end; rejects when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>;
  end(): void;
}

/** Iterating begins with the first event ever and ends when the stand-in is closed. */
export function createJournal(now: () => number): LabJournal {
  const seen: LabEvent[] = [];
  const listeners = new Set<(event: LabEvent) => void>();
  const waiting = new Set<() => void>();
  let ended = false;

  function wake(): void {
    for (const resume of [...waiting]) resume();
    waiting.clear();
  }

  async function* replay(): AsyncGenerator<LabEvent> {
    for (let next = 0; ;) {
      for (let event = seen[next]; event !== undefined; event = seen[next]) {
        next += 1;
        yield event;
      }
      if (ended) return;
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
  }

  return {
    seen,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(news) {
      const event: LabEvent = { at: now(), ...news };
      seen.push(event);
      for (const listener of [...listeners]) listener(event);
      wake();
    },
    changed: (signal) =>
      new Promise((resolve, reject) => {
        const refuse = (): void => {
          waiting.delete(resume);
          reject(signal.reason instanceof Error ? signal.reason : new Error('Cannot wait: aborted'));
        };
        const resume = (): void => {
          signal.removeEventListener('abort', refuse);
          resolve();
        };
        waiting.add(resume);
        signal.addEventListener('abort', refuse, { once: true });
      }),
    end() {
      ended = true;
      wake();
    },
    [Symbol.asyncIterator]: replay,
  };
}
