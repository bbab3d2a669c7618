import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { SelectView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { optionsFrom } from '../forms/options-from.ts';
import { SelectInput } from '../forms/select-input.tsx';
import type { ComponentOf } from './component.tsx';

/** One choice is sent when it is made; several are sent with a button of their own. */
export function Select({ component, message }: ComponentOf<SelectView>): JSX.Element {
  const { state, ask } = usePage();
  const chosen = useRef<readonly string[]>([]);
  const options = optionsFrom(component, state, message.channelId);
  const send = (values: readonly string[]) => {
    const { customId } = component;
    void ask({ type: 'select', channelId: message.channelId, messageId: message.id, customId, values });
  };
  const label = component.placeholder === '' ? 'Choose' : component.placeholder;
  const isSingle = component.most === 1;
  return (
    <div class="select">
      <SelectInput
        // The message decides what is chosen: after each edit it is shown as the message says.
        key={options
          .filter(({ isDefault }) => isDefault)
          .map(({ value }) => value)
          .join()}
        label={label}
        input={{ ...component, options }}
        isDisabled={component.isDisabled}
        onChange={(values) => {
          chosen.current = values;
          if (isSingle && values.length >= component.least) send(values);
        }}
      />
      {!isSingle && (
        <button
          type="button"
          class="button button-secondary"
          onClick={() => {
            send(chosen.current);
          }}
        >
          Choose
        </button>
      )}
    </div>
  );
}
