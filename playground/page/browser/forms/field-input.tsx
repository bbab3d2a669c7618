import type { JSX } from 'preact';
import type { FieldValue, InputView } from '../../protocol.ts';
import { ChoiceList } from './choice-list.tsx';
import { FilesInput } from './files-input.tsx';
import { ServerSelect } from './server-select.tsx';
import { TextInput } from './text-input.tsx';

export interface FieldInputOf<T extends InputView = InputView> {
  readonly id: string;
  /** What describes it, or says what is wrong. */
  readonly noteId: string;
  readonly input: T;
  readonly isWrong: boolean;
  readonly onChange: (value: FieldValue) => void;
}

export function FieldInput({ input, ...field }: FieldInputOf): JSX.Element {
  switch (input.kind) {
    case 'text':
      return <TextInput {...field} input={input} />;
    case 'files':
      return <FilesInput {...field} input={input} />;
    case 'select':
      return <ServerSelect {...field} input={input} />;
    case 'radio':
    case 'checkboxes':
      return <ChoiceList id={field.id} input={input} onChange={field.onChange} />;
    case 'checkbox':
      return (
        <input
          id={field.id}
          type="checkbox"
          aria-describedby={field.noteId}
          defaultChecked={input.isChecked}
          onChange={({ currentTarget }) => {
            field.onChange(currentTarget.checked);
          }}
        />
      );
  }
}
