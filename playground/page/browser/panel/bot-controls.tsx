import type { JSX } from 'preact';
import type { BotView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { countText } from '../pieces/words.ts';
import { LogTail } from './log-tail.tsx';

export function BotControls({ bot }: { readonly bot: BotView }): JSX.Element {
  const { ask } = usePage();
  const act = (action: 'kill' | 'stop' | 'start') => () => void ask({ type: 'bot', action });
  const isUp = bot.state === 'running' || bot.state === 'starting';
  return (
    <>
      <p class="bot-state" role="status">
        <span class={`lamp lamp-${bot.state}`} aria-hidden="true" /> {stateText(bot)}
      </p>
      <div class="row">
        <button type="button" class="button button-danger" disabled={!isUp} onClick={act('kill')}>
          Kill it now
        </button>
        <button type="button" class="button button-secondary" disabled={!isUp} onClick={act('stop')}>
          Stop it politely
        </button>
        <button type="button" class="button button-success" disabled={bot.state !== 'stopped'} onClick={act('start')}>
          Start it
        </button>
      </div>
      {bot.violations.length > 0 && (
        <details class="log violations">
          <summary>Discord refused {countText(bot.violations.length, 'request')}</summary>
          <ol tabIndex={0} aria-label="What Discord refused">
            {bot.violations.map((violation) => (
              <li key={violation}>{violation}</li>
            ))}
          </ol>
        </details>
      )}
      <LogTail lines={bot.log} />
    </>
  );
}

function stateText({ state, pid, ended, starts }: BotView): string {
  const often = starts > 1 ? `, started ${starts} times` : '';
  switch (state) {
    case 'starting':
      return 'Starting…';
    case 'running':
      return `Running as process ${pid ?? ''}${often}`;
    case 'stopping':
      return 'Finishing its work…';
    case 'stopped':
      return endedText(ended);
  }
}

function endedText(ended: BotView['ended']): string {
  switch (ended?.how) {
    case 'killed':
      return 'Killed in the middle of its work. Start it: it goes on where it was.';
    case 'asked':
      return 'Stopped. Start it: it goes on where it was.';
    case 'by-itself':
      return `Ended by itself, exit code ${ended.exitCode ?? 'unknown'}. Its log says why.`;
    case undefined:
      return 'Not started yet.';
  }
}
