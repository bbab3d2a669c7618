import type { JSX } from 'preact';
import type { ButtonView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import type { ComponentOf } from './component.tsx';

export function Button({ component, message }: ComponentOf<ButtonView>): JSX.Element {
  const { state, ask } = usePage();
  const { customId, url, style, isDisabled } = component;
  if (url !== null) {
    return (
      <a class="button button-secondary" href={url} target="_blank" rel="noreferrer">
        <Label component={component} />
        <Icon name="link" />
      </a>
    );
  }
  const isWaiting = state.view.uses.some(
    ({ source, state: how }) => how === 'waiting' && source?.messageId === message.id && source.customId === customId,
  );
  return (
    <button
      type="button"
      class={`button button-${style}`}
      disabled={isDisabled}
      aria-busy={isWaiting}
      onClick={() => {
        if (customId === null || isWaiting) return;
        void ask({ type: 'press', channelId: message.channelId, messageId: message.id, customId });
      }}
    >
      <Label component={component} />
      {isWaiting && <span class="dots" aria-hidden="true" />}
    </button>
  );
}

function Label({ component: { emoji, label } }: { readonly component: ButtonView }): JSX.Element {
  return (
    <span>
      {emoji !== null && `${emoji} `}
      {label}
    </span>
  );
}
