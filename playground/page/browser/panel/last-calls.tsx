import type { JSX } from 'preact';
import type { CallView } from '../../protocol.ts';
import { timeText } from '../pieces/words.ts';

const shown = 12;

/** What the bot asked of the provider, the newest first, and what became of it. */
export function LastCalls({ calls }: { readonly calls: readonly CallView[] }): JSX.Element {
  return (
    <details class="log">
      <summary>The bot’s last calls</summary>
      {calls.length === 0 && <p class="faint">None yet.</p>}
      <ol tabIndex={0} aria-label="The bot’s last calls to the provider, the newest first">
        {calls.slice(0, shown).map(({ id, at, call, outcome }) => (
          <li key={id} class={outcome === 200 ? '' : 'log-error'}>
            <span class="log-time">{timeText(at, 'T')}</span> {call}:{' '}
            {outcome === 'dropped' ? 'cut off, no answer' : outcome}
          </li>
        ))}
      </ol>
    </details>
  );
}
