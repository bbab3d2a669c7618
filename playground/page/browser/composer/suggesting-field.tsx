import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChoiceView, CommandView, OptionView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import type { Place } from '../state/state.ts';
import { readForSuggestions, type CommandDraft } from './command-draft.ts';
import { useListKeys } from './use-list-keys.ts';

/** Which field of which command, how far it is filled in, and where it will be used. */
export interface FieldSubject {
  readonly command: CommandView;
  readonly option: OptionView;
  readonly draft: CommandDraft;
  readonly place: Place;
}

export interface FieldInputOf {
  readonly id: string;
  readonly noteId: string;
  readonly subject: FieldSubject;
  readonly isWrong: boolean;
  readonly onWrite: (text: string, taken?: ChoiceView) => void;
}

/** A field for which the bot suggests values while one types. Any other text may be sent as well. */
export function SuggestingField({ id, noteId, subject, isWrong, onWrite }: FieldInputOf): JSX.Element {
  const { option, draft } = subject;
  const [hasFocus, setHasFocus] = useState(false);
  const [isClosed, setIsClosed] = useState(false);
  const text = draft.texts[option.name] ?? '';
  const isOpen = hasFocus && !isClosed && draft.taken[option.name] === undefined;
  const { choices, isWaiting } = useSuggestions(subject, isOpen);
  const shown = isOpen ? choices : [];
  const listId = `${id}-list`;
  // Nothing is marked until an arrow is pressed: Enter sends what was typed.
  const keys = useListKeys(
    shown,
    (choice) => {
      onWrite(choice.name, choice);
    },
    -1,
  );
  return (
    <div class="suggesting">
      <input
        id={id}
        name={option.name}
        type="text"
        role="combobox"
        autocomplete="off"
        required={option.isRequired}
        aria-describedby={noteId}
        aria-invalid={isWrong}
        aria-autocomplete="list"
        aria-expanded={shown.length > 0}
        aria-controls={listId}
        aria-activedescendant={shown[keys.activeIndex] && `${listId}-${keys.activeIndex}`}
        value={text}
        onFocus={() => {
          setHasFocus(true);
          setIsClosed(false);
        }}
        onBlur={() => setHasFocus(false)}
        onInput={({ currentTarget }) => {
          setIsClosed(false);
          onWrite(currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (keys.handle(event) || event.key !== 'Escape' || shown.length === 0) return;
          event.preventDefault();
          setIsClosed(true);
        }}
      />
      <ul
        id={listId}
        class="suggestions"
        role="listbox"
        aria-label={`Suggestions for ${option.name}`}
        hidden={shown.length === 0}
      >
        {shown.map((choice, index) => (
          <li
            key={String(choice.value)}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === keys.activeIndex}
            onMouseDown={(event) => {
              event.preventDefault();
              onWrite(choice.name, choice);
            }}
          >
            {choice.name}
          </li>
        ))}
      </ul>
      {isOpen && isWaiting && <span class="dots" aria-hidden="true" />}
    </div>
  );
}

const pauseMs = 250;

interface Suggestions {
  readonly choices: readonly ChoiceView[];
  readonly isWaiting: boolean;
}

/** Asks the bot after a pause in typing, and shows the answer to what stands there then. */
function useSuggestions({ command, option, draft, place }: FieldSubject, isOpen: boolean): Suggestions {
  const { askQuietly } = usePage();
  const [suggestions, setSuggestions] = useState<Suggestions>({ choices: [], isWaiting: false });
  const text = draft.texts[option.name] ?? '';
  useEffect(() => {
    if (!isOpen) return undefined;
    let isStale = false;
    const suggest = async () => {
      setSuggestions(({ choices }) => ({ choices, isWaiting: true }));
      const options = readForSuggestions(command, draft, option.name);
      const question = { type: 'autocomplete', channelId: place.id, path: command.path, focused: option.name } as const;
      const answer = await askQuietly({ ...question, options });
      if (!isStale) setSuggestions({ choices: answer.type === 'choices' ? answer.choices : [], isWaiting: false });
    };
    const timer = setTimeout(() => void suggest(), pauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [text, isOpen]);
  return suggestions;
}
