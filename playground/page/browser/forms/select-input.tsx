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
    readonly most: number;
  };
  readonly isDisabled?: boolean;
  readonly onChange: (values: readonly string[]) => void;
}

/** The browser's own menu: phones show theirs. */
export function SelectInput({ id, label, describedBy, input, isDisabled, onChange }: SelectInputOf): JSX.Element {
  const { options, placeholder, most } = input;
  const isMultiple = most > 1;
  const hasDefault = options.some(({ isDefault }) => isDefault);
  return (
    <select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      disabled={isDisabled}
      multiple={isMultiple}
      onChange={({ currentTarget }) => {
        onChange([...currentTarget.selectedOptions].map(({ value }) => value).filter((value) => value !== ''));
      }}
    >
      {!isMultiple && (!hasDefault || input.least === 0) && (
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
