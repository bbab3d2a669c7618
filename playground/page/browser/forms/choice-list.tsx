import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { InputView } from '../../protocol.ts';

interface ChoiceListOf {
  readonly id: string;
  readonly input: Extract<InputView, { kind: 'radio' | 'checkboxes' }>;
  readonly isDisabled?: boolean;
  readonly onChange: (value: string | readonly string[]) => void;
}

export function ChoiceList({ id, input, isDisabled = false, onChange }: ChoiceListOf): JSX.Element {
  const [chosen, setChosen] = useState(input.options.filter(({ isDefault }) => isDefault).map(({ value }) => value));
  const isRadio = input.kind === 'radio';
  const isFull = input.kind === 'checkboxes' && chosen.length >= input.most;
  const choose = (value: string, isOn: boolean) => {
    const others = isRadio ? [] : chosen.filter((one) => one !== value);
    const next = isOn ? [...others, value] : others;
    setChosen(next);
    onChange(isRadio ? value : next);
  };
  return (
    <div class="choices">
      {input.options.map(({ label, value, description, emoji }) => (
        <label key={value}>
          <input
            type={isRadio ? 'radio' : 'checkbox'}
            name={id}
            value={value}
            checked={chosen.includes(value)}
            disabled={isDisabled || (isFull && !chosen.includes(value))}
            onChange={({ currentTarget }) => choose(value, currentTarget.checked)}
          />
          <span>
            {emoji} {label}
            {description !== null && <span class="faint">{description}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
