import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { InputView } from '../../protocol.ts';
import type { FieldInputOf } from './field-input.tsx';

type ChoiceListOf = FieldInputOf<Extract<InputView, { kind: 'radio' | 'checkboxes' }>>;

export function ChoiceList({ id, input, onChange }: ChoiceListOf): JSX.Element {
  const [chosen, setChosen] = useState(input.options.filter(({ isDefault }) => isDefault).map(({ value }) => value));
  const isRadio = input.kind === 'radio';
  const choose = (value: string, isOn: boolean) => {
    const others = isRadio ? [] : chosen.filter((one) => one !== value);
    const next = isOn ? [...others, value] : others;
    setChosen(next);
    onChange(isRadio ? value : next);
  };
  return (
    <div class="choices">
      {input.options.map(({ label, value, description }) => (
        <label key={value}>
          <input
            type={isRadio ? 'radio' : 'checkbox'}
            name={id}
            value={value}
            checked={chosen.includes(value)}
            onChange={({ currentTarget }) => {
              choose(value, currentTarget.checked);
            }}
          />
          <span>
            {label}
            {description !== null && <span class="faint">{description}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
