import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { FieldValue, ModalView } from '../../protocol.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { usePage } from '../page.ts';
import { Dialog } from '../pieces/dialog.tsx';
import { problemsIn } from './form-problems.ts';
import { ModalField } from './modal-field.tsx';

/** A form that the bot opened. */
export function ModalDialog({ modal }: { readonly modal: ModalView }): JSX.Element {
  const { dispatch, askQuietly } = usePage();
  const values = useRef<Record<string, FieldValue>>({});
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [refusal, setRefusal] = useState('');
  const [isSending, setIsSending] = useState(false);
  const submit = async () => {
    const found = problemsIn(modal, values.current);
    setProblems(found);
    if (Object.keys(found).length > 0 || isSending) return;
    setIsSending(true);
    const answer = await askQuietly({ type: 'submitModal', modalId: modal.id, values: values.current });
    setIsSending(false);
    if (answer.type === 'refused') setRefusal(answer.why);
    else dispatch({ type: 'close-modal' });
  };
  const close = () => {
    dispatch({ type: 'close-modal' });
  };
  return (
    <Dialog title={modal.title} kind="form" onClose={close}>
      <form
        class="modal-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p class="faint">This form is sent to the bot on your machine, and to nobody else.</p>
        {modal.parts.map((part, index) =>
          part.kind === 'text' ? (
            <Markdown key={index} text={part.content} />
          ) : (
            <ModalField
              key={part.customId}
              field={part}
              problem={problems[part.customId]}
              onChange={(value) => {
                values.current = { ...values.current, [part.customId]: value };
              }}
            />
          ),
        )}
        {refusal !== '' && (
          <p class="problem" role="alert">
            {refusal}
          </p>
        )}
        <footer>
          <button type="button" class="button button-secondary" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" aria-busy={isSending}>
            Submit
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
