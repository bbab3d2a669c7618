import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { MessageView, SelectOptionView, SelectView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { ChoiceList } from '../forms/choice-list.tsx';
import { optionsFrom } from '../forms/options-from.ts';
import { SelectInput } from '../forms/select-input.tsx';

interface SelectOf {
  readonly component: SelectView;
  readonly message: MessageView;
}

/** One choice is sent when it is made; several are sent with a button of their own. */
export function Select({ component, message }: SelectOf): JSX.Element {
  const { state, ask } = usePage();
  const options = optionsFrom(component, state, message.channelId);
  const send = (values: readonly string[]) => {
    const { customId } = component;
    void ask({ type: 'select', channelId: message.channelId, messageId: message.id, customId, values });
  };
  const label = component.placeholder === '' ? 'Choose' : component.placeholder;
  // The message decides what is chosen: after each edit it is shown as the message says.
  const key = defaultsOf(options).join();
  if (component.most > 1) return <SelectSeveral key={key} label={label} of={{ ...component, options }} onSend={send} />;
  return (
    <div class="select">
      <SelectInput
        key={key}
        label={label}
        input={{ ...component, options }}
        isDisabled={component.isDisabled}
        onChange={(values) => {
          if (values.length >= component.least) send(values);
        }}
      />
    </div>
  );
}

interface SelectSeveralOf {
  readonly label: string;
  readonly of: SelectView;
  readonly onSend: (values: readonly string[]) => void;
}

function SelectSeveral({ label, of, onSend }: SelectSeveralOf): JSX.Element {
  const id = useId();
  const [chosen, setChosen] = useState(defaultsOf(of.options));
  return (
    <div class="select" role="group" aria-label={label}>
      <ChoiceList
        id={id}
        input={{ ...of, kind: 'checkboxes' }}
        isDisabled={of.isDisabled}
        onChange={(values) => setChosen([values].flat())}
      />
      <button
        type="button"
        class="button button-secondary"
        disabled={of.isDisabled || chosen.length < of.least}
        onClick={() => onSend(chosen)}
      >
        {label}
      </button>
    </div>
  );
}

function defaultsOf(options: readonly SelectOptionView[]): readonly string[] {
  return options.filter(({ isDefault }) => isDefault).map(({ value }) => value);
}
