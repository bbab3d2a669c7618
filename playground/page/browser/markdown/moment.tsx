import type { JSX } from 'preact';
import { useNow } from '../pieces/use-now.ts';
import { relativeText, timeText } from '../pieces/words.ts';

interface MomentOf {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly style: string;
}

/** A time as Discord shows it; `R` counts by itself. */
export function Moment({ at, style }: MomentOf): JSX.Element {
  return (
    <time class="moment" dateTime={new Date(at).toISOString()} title={timeText(at, 'F')}>
      {style === 'R' ? <Counting at={at} /> : timeText(at, style)}
    </time>
  );
}

function Counting({ at }: { readonly at: number }): JSX.Element {
  return <>{relativeText(at, useNow(1000))}</>;
}
