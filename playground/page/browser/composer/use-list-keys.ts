import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export interface ListKeys {
  readonly activeIndex: number;
  /** Whether the key was for the list. */
  readonly handle: (event: TargetedKeyboardEvent<HTMLElement>) => boolean;
}

/** Arrows move through a list of suggestions while one types; Enter or Tab takes the one that is marked. */
export function useListKeys<T>(list: readonly T[], onChoose: (chosen: T) => void, firstIndex = 0): ListKeys {
  const [at, setAt] = useState(firstIndex);
  useEffect(() => {
    setAt(firstIndex);
  }, [list.length]);
  const move = (by: number) => {
    setAt((before) => (before + by + list.length) % list.length);
  };
  return {
    activeIndex: at,
    handle(event) {
      if (list.length === 0) return false;
      const chosen = list[at];
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && chosen !== undefined)
        onChoose(chosen);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}
