import type { JSX } from 'preact';
import type { OptionView } from '../../protocol.ts';
import { Icon } from '../pieces/icon.tsx';

interface MoreOptionsOf {
  readonly options: readonly OptionView[];
  readonly onAdd: (name: string) => void;
}

/** The optional fields that are not open yet. */
export function MoreOptions({ options, onAdd }: MoreOptionsOf): JSX.Element {
  return (
    <div class="more-options" role="group" aria-label="More options">
      {options.map(({ name, description }) => (
        <button
          key={name}
          type="button"
          class="chip"
          title={description}
          aria-label={`Add ${name}: ${description}`}
          onClick={() => onAdd(name)}
        >
          <Icon name="plus" /> {name}
        </button>
      ))}
    </div>
  );
}
