import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';

/** The key of the account made for the second server. It buys nothing anywhere. */
export function CopyKey(): JSX.Element | null {
  const { state, dispatch } = usePage();
  const account = state.panel?.provider.accounts[1];
  if (!account) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(account.key);
    dispatch({ type: 'notice', text: 'The key is copied. Paste it into the form of /config key.' });
  };
  return (
    <p class="key">
      <span>The key, made up for this page:</span>
      <code>{account.key}</code>
      <button type="button" class="button button-secondary" onClick={() => void copy()}>
        <Icon name="copy" /> Copy the key
      </button>
    </p>
  );
}
