import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { InputView } from '../../protocol.ts';
import type { FieldInputOf } from './field-input.tsx';

export function TextInput({
  id,
  noteId,
  input,
  isWrong,
  onChange,
}: FieldInputOf<Extract<InputView, { kind: 'text' }>>): JSX.Element {
  const [text, setText] = useState(input.value);
  const shared = {
    id,
    'aria-describedby': noteId,
    'aria-invalid': isWrong,
    value: text,
    placeholder: input.placeholder,
    maxLength: input.most,
  };
  const write = (written: string) => {
    setText(written);
    onChange(written);
  };
  if (input.isLong) {
    return (
      <textarea
        {...shared}
        rows={4}
        onInput={({ currentTarget }) => {
          write(currentTarget.value);
        }}
      />
    );
  }
  return (
    <input
      {...shared}
      type="text"
      autocomplete="off"
      onInput={({ currentTarget }) => {
        write(currentTarget.value);
      }}
    />
  );
}
