import type { CallName } from './call-names.ts';
import { createRandom } from '../random.ts';

/** Whether the call took effect, and was charged, before its answer went wrong. */
export type Moment = 'before' | 'after';

export type RefusalName = 'key' | 'rate-limit' | 'queue-full' | 'credit' | 'plan' | 'not-found';

/** One answer that goes wrong. `when` is `before` unless given. */
export type Fault =
  /** The connection is reset. */
  | { readonly kind: 'drop'; readonly when?: Moment }
  /** No answer, and the connection stays open. */
  | { readonly kind: 'silence'; readonly when?: Moment }
  /** A page of the proxy in front; 502 unless given. */
  | { readonly kind: 'html'; readonly when?: Moment; readonly status?: number }
  /** The provider's own trouble, in JSON; 500 unless given. */
  | { readonly kind: 'server-error'; readonly when?: Moment; readonly status?: 500 | 503 }
  /** A proper refusal; nothing is charged. */
  | { readonly kind: 'refuse'; readonly why: RefusalName }
  /** Any other words, such as JSON of a wrong shape. */
  | { readonly kind: 'says'; readonly when?: Moment; readonly status?: number; readonly body: unknown }
  /** The right answer without any id in it. */
  | { readonly kind: 'no-id' }
  /** The right answer, later. */
  | { readonly kind: 'late'; readonly byMs: number }
  /** The right answer, once this has come. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** The right answer, a byte at a time. */
  | { readonly kind: 'slow-drip'; readonly overMs: number };

/** A fault that strikes a share of the calls. */
export interface ChanceFault {
  readonly call: CallName | 'any';
  readonly chance: number;
  readonly fault: Fault;
}

/** A fault that waits for its call. */
export interface PlannedFault {
  /** Until it strikes or is called off. */
  isWaiting(): boolean;
  callOff(): void;
}

export interface Faults {
  /** The next answer to this call, or to any of these, goes wrong this way; several wait for their turn. */
  next(call: CallName | readonly CallName[], fault: Fault): PlannedFault;
  /** The fate of the call that has just come in. */
  take(call: CallName): Fault | undefined;
}

/** Chance is drawn per call name and count, so that calls of another kind in between change nothing. */
export function createFaults(seed: string | number, oddities: { readonly faults: readonly ChanceFault[] }): Faults {
  let planned: readonly { readonly calls: readonly CallName[]; readonly fault: Fault }[] = [];
  const counts = new Map<CallName, number>();

  function drawn(call: CallName, count: number): Fault | undefined {
    const random = createRandom(`${seed}:${call}:${count}`);
    const open = oddities.faults.filter((fault) => fault.call === call || fault.call === 'any');
    return open.find(({ chance }) => random() < chance)?.fault;
  }

  function takePlanned(call: CallName): Fault | undefined {
    const found = planned.find(({ calls }) => calls.includes(call));
    planned = planned.filter((plan) => plan !== found);
    return found?.fault;
  }

  return {
    next(call, fault) {
      const plan = { calls: [call].flat(), fault };
      planned = [...planned, plan];
      return {
        isWaiting: () => planned.includes(plan),
        callOff: () => {
          planned = planned.filter((other) => other !== plan);
        },
      };
    },
    take(call) {
      const count = (counts.get(call) ?? 0) + 1;
      counts.set(call, count);
      return takePlanned(call) ?? drawn(call, count);
    },
  };
}

/** Whether the call is carried out at all. */
export function letsThrough(fault: Fault | undefined): boolean {
  if (fault === undefined) return true;
  if ('when' in fault) return fault.when === 'after';
  return ['no-id', 'late', 'held', 'slow-drip'].includes(fault.kind);
}
