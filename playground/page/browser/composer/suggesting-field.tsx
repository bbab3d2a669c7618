import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useListKeys } from './use-list-keys.ts';
import type { FieldInputOf } from './option-field.tsx';
import { useSuggestions } from './use-suggestions.ts';

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
        onBlur={() => {
          setHasFocus(false);
        }}
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
