import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Gathered } from '../files/use-files.ts';
import { Icon } from '../pieces/icon.tsx';
import { IconButton } from '../pieces/icon-button.tsx';
import type { Place } from '../state/state.ts';
import type { Problems } from './command-draft.ts';
import { beginDraft, closedFields, fileOptions, openFields, showField, writeField } from './command-draft.ts';
import type { WrittenCommand } from './command-search.ts';
import { FileSlots } from './file-slots.tsx';
import { MoreOptions } from './more-options.tsx';
import { OptionField } from './option-field.tsx';
import { useCommandSending } from './use-command-sending.ts';

interface CommandFormOf {
  readonly place: Place;
  readonly written: WrittenCommand;
  readonly gathered: Gathered;
  readonly onDone: () => void;
}

/** The options of a command: required ones first, others when they are asked for. */
export function CommandForm({ place, written, gathered, onDone }: CommandFormOf): JSX.Element {
  const { command, texts } = written;
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(() => beginDraft(command, texts));
  const [problems, setProblems] = useState<Problems>({});
  const send = useCommandSending({ place, command, gathered, onDone });
  const openNames = openFields(command, draft).map(({ name }) => name);
  useEffect(() => {
    focusOn(
      form.current,
      openNames.find((name) => (draft.texts[name] ?? '') === ''),
    );
  }, []);
  const asked = draft.shown.at(-1);
  useEffect(() => {
    if (asked !== undefined && texts[asked] === undefined) focusOn(form.current, asked);
  }, [asked]);
  return (
    <form
      ref={form}
      class="command-form"
      aria-label={`/${command.path}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = send(draft);
        setProblems(found);
        focusOn(form.current, Object.keys(found)[0]);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onDone();
      }}
    >
      <Head path={command.path} description={command.description} onLeave={onDone} />
      <div class="command-body">
        <div class="fields">
          {openFields(command, draft).map((option) => (
            <OptionField
              key={option.name}
              subject={{ command, option, draft, place }}
              problem={problems[option.name]}
              onWrite={(text, taken) => setDraft((before) => writeField(before, option.name, { text, taken }))}
            />
          ))}
        </div>
        <FileSlots options={fileOptions(command)} gathered={gathered} problems={problems} />
        <MoreOptions options={closedFields(command, draft)} onAdd={(name) => setDraft(showField(draft, name))} />
      </div>
      <footer>
        <button type="submit" class="button button-primary">
          <Icon name="send" /> Send
        </button>
      </footer>
    </form>
  );
}

interface HeadOf {
  readonly path: string;
  readonly description: string;
  readonly onLeave: () => void;
}

function Head({ path, description, onLeave }: HeadOf): JSX.Element {
  return (
    <header>
      <h3>
        <Icon name="aperture" /> /{path}
      </h3>
      <p class="faint">{description}</p>
      <IconButton icon="close" label={`Leave /${path}`} onClick={onLeave} />
    </header>
  );
}

/** The field of that name, or where there is none to fill in, the button that sends. */
function focusOn(form: HTMLFormElement | null, name: string | undefined): void {
  const field = name === undefined ? undefined : form?.querySelector<HTMLElement>(`[name="${name}"]`);
  (field ?? form?.querySelector<HTMLElement>('[type=submit]'))?.focus();
}
