import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { useNow } from '../pieces/use-now.ts';
import { findPerson } from '../state/state.ts';

export function TypingLine({ channelId }: { readonly channelId: string }): JSX.Element {
  const { state } = usePage();
  const now = useNow(1000);
  const writing = state.typing.filter((one) => one.channelId === channelId && one.until > now);
  const names = writing.map(({ personId }) => findPerson(state, personId)?.name ?? 'Somebody');
  return (
    <p class="typing-line">
      {names.length > 0 && (
        <>
          <span class="dots" aria-hidden="true" /> {names.join(' and ')} {names.length === 1 ? 'is' : 'are'} writing…
        </>
      )}
    </p>
  );
}
