import { useEffect, useState } from 'preact/hooks';
import type { ChoiceView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { readForSuggestions } from './command-draft.ts';
import type { FieldSubject } from './option-field.tsx';

const pauseMs = 250;

interface Suggestions {
  readonly choices: readonly ChoiceView[];
  readonly isWaiting: boolean;
}

/** Asks the bot after a pause in typing, and shows the answer to what stands there then. */
export function useSuggestions({ command, option, draft, place }: FieldSubject, isOpen: boolean): Suggestions {
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
