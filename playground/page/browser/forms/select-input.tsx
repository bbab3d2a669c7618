import type { JSX } from 'preact';
import type { SelectOptionView } from '../../protocol.ts';

interface SelectInputOf {
  readonly id?: string;
  /** Read out; absent where a label stands beside it. */
  readonly label?: string;
  readonly describedBy?: string | undefined;
  readonly input: {
    readonly options: readonly SelectOptionView[];
    readonly placeholder: string;
    readonly least: number;
  };
  readonly isDisabled?: boolean;
  /** One value, or none. */
  readonly onChange: (values: readonly string[]) => void;
}

/** A menu to choose one from, the browser's own: phones show theirs. */
export function SelectInput({ id, label, describedBy, input, isDisabled, onChange }: SelectInputOf): JSX.Element {
  const { options, placeholder } = input;
  const hasDefault = options.some(({ isDefault }) => isDefault);
  return (
    <select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      disabled={isDisabled}
      onChange={({ currentTarget: { value } }) => onChange(value === '' ? [] : [value])}
    >
      {(!hasDefault || input.least === 0) && (
        <option value="" selected={!hasDefault}>
          {placeholder === '' ? 'Choose' : placeholder}
        </option>
      )}
      {options.map(({ label: words, value, description, emoji, isDefault }) => (
        <option key={value} value={value} selected={isDefault}>
          {[emoji, words, description !== null && `(${description})`].filter(Boolean).join(' ')}
        </option>
      ))}
    </select>
  );
}
