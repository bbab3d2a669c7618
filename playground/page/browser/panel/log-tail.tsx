import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { LogLineView } from '../../protocol.ts';
import { timeText } from '../pieces/words.ts';

/** The last lines of the bot's log, the newest in sight. */
export function LogTail({ lines }: { readonly lines: readonly LogLineView[] }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const newest = lines.at(-1)?.id;
  useEffect(() => {
    // In a drawer that is about to open, nothing has a height yet.
    const frame = requestAnimationFrame(() => list.current?.scrollTo({ top: list.current.scrollHeight }));
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [newest]);
  return (
    <details class="log" open>
      <summary>Its log</summary>
      <ol ref={list} tabIndex={0} aria-label="Last lines of the bot’s log">
        {lines.map(({ id, at, level, text }) => (
          <li key={id} class={`log-${level}`}>
            <span class="log-time">{timeText(at, 'T')}</span> {level === 'info' ? '' : `${level}: `}
            {text}
          </li>
        ))}
      </ol>
      <p class="faint">It writes how each job goes on, when it starts or stops, and what goes wrong.</p>
    </details>
  );
}
