import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldValue, InputView } from '../../protocol.ts';
import { FilePicker } from '../files/file-picker.tsx';
import { FileStrip } from '../files/file-strip.tsx';
import { useFileDrop } from '../files/use-file-drop.ts';
import { useFiles } from '../files/use-files.ts';
import { usePage } from '../page.ts';
import { currentChannelId } from '../state/state.ts';
import { ChoiceList } from './choice-list.tsx';
import { optionsFrom } from './options-from.ts';
import { SelectInput } from './select-input.tsx';

interface FieldInputOf<T extends InputView = InputView> {
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
          onChange={({ currentTarget }) => field.onChange(currentTarget.checked)}
        />
      );
  }
}

function TextInput({
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
    return <textarea {...shared} rows={4} onInput={({ currentTarget }) => write(currentTarget.value)} />;
  }
  return (
    <input {...shared} type="text" autocomplete="off" onInput={({ currentTarget }) => write(currentTarget.value)} />
  );
}

/** Files can be dropped anywhere on the form. */
function FilesInput({ input, onChange }: FieldInputOf<Extract<InputView, { kind: 'files' }>>): JSX.Element {
  const field = useRef<HTMLDivElement>(null);
  const gathered = useFiles(input.most);
  const isHovered = useFileDrop(() => field.current?.closest('dialog'), gathered.add);
  useEffect(() => {
    const fileIds = gathered.files.flatMap(({ upload }) => (upload.state === 'there' ? upload.fileId : []));
    onChange({ fileIds });
  }, [gathered.files]);
  return (
    <div ref={field} class={isHovered ? 'files-input drop-target' : 'files-input'}>
      <FileStrip files={gathered.files} onRemove={gathered.remove} />
      <FilePicker gathered={gathered} most={input.most} />
    </div>
  );
}

type ServerSelectOf = FieldInputOf<Extract<InputView, { kind: 'select' }>>;

/** Of several one ticks those that one wants: a list in which to hold a key down while one clicks is known to few. */
function ServerSelect({ id, noteId, input, onChange }: ServerSelectOf): JSX.Element {
  const { state } = usePage();
  const options = optionsFrom(input, state, currentChannelId(state) ?? '');
  if (input.most > 1)
    return <ChoiceList id={id} input={{ ...input, kind: 'checkboxes', options }} onChange={onChange} />;
  return <SelectInput id={id} describedBy={noteId} input={{ ...input, options }} onChange={onChange} />;
}
