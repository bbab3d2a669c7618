import type { JSX } from 'preact';
import type { UseView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { Avatar } from '../pieces/avatar.tsx';
import { OnlyYou } from './only-you.tsx';

/** A command that was sent and has no answer yet, or never got one. Only the one who used it sees it. */
export function OpenUse({ use }: { readonly use: UseView }): JSX.Element {
  const { state } = usePage();
  const bot = state.view.people.find(({ isBot }) => isBot);
  const name = bot?.name ?? 'The bot';
  return (
    <li class="message message-ephemeral">
      <article aria-label={`Your use of ${use.title}`}>
        <p class="message-above">
          <strong>You</strong> used <span class="mention">{use.title}</span>
        </p>
        <div class="message-avatar">
          <Avatar name={name} isBot />
        </div>
        <div class="message-content">
          {use.state === 'waiting' ? (
            <p class="thinking">
              <span class="dots" aria-hidden="true" /> Sending {use.title}…
            </p>
          ) : (
            <p class="failure">The application did not respond. Is the bot running?</p>
          )}
          <OnlyYou id={use.id} isDismissable={use.state === 'failed'} />
        </div>
      </article>
    </li>
  );
}
