import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { FieldValue, FieldView } from '../../protocol.ts';
import { FieldInput } from './field-input.tsx';

interface ModalFieldOf {
  readonly field: FieldView;
  readonly problem: string | undefined;
  readonly onChange: (value: FieldValue) => void;
}

export function ModalField({ field, problem, onChange }: ModalFieldOf): JSX.Element {
  const id = useId();
  const { input, label, description, isRequired } = field;
  const isSingle = ['text', 'checkbox'].includes(input.kind) || (input.kind === 'select' && input.most === 1);
  const name = (
    <>
      {label}
      {isRequired && <span class="required"> (required)</span>}
    </>
  );
  const body = (
    <>
      <FieldInput id={id} noteId={`${id}-note`} input={input} isWrong={problem !== undefined} onChange={onChange} />
      <p
        id={`${id}-note`}
        class={problem === undefined ? 'faint' : 'problem'}
        role={problem === undefined ? undefined : 'alert'}
      >
        {problem ?? description}
      </p>
    </>
  );
  if (!isSingle) {
    return (
      <fieldset class="field" aria-describedby={`${id}-note`}>
        <legend>{name}</legend>
        {body}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {body}
    </div>
  );
}
