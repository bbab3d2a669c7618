import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import { Samples } from './samples.tsx';
import type { Gathered } from './use-files.ts';

interface FilePickerOf {
  readonly gathered: Gathered;
  readonly most: number;
}

/** One's own files, or drawn photos for those who have none at hand. */
export function FilePicker({ gathered, most }: FilePickerOf): JSX.Element {
  const { state } = usePage();
  const [showsSamples, setShowsSamples] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  const room = most - gathered.files.length;
  return (
    <div class="file-picker">
      <div class="row">
        <input
          ref={input}
          type="file"
          hidden
          multiple={most > 1}
          aria-label="Files"
          onChange={({ currentTarget }) => {
            gathered.add([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        <button
          type="button"
          class="button button-secondary"
          disabled={room <= 0}
          onClick={() => input.current?.click()}
        >
          <Icon name="plus" /> Choose files
        </button>
        <button
          ref={toggle}
          type="button"
          class="button button-secondary"
          aria-expanded={showsSamples}
          disabled={!state.panel}
          onClick={() => setShowsSamples(!showsSamples)}
        >
          <Icon name="picture" /> Sample photos
        </button>
        <span class="faint drop-hint">or drop them anywhere here</span>
      </div>
      {showsSamples && (
        <Samples
          room={room}
          onTake={(samples) => {
            gathered.addSamples(samples);
            if (samples.length === 1) return;
            toggle.current?.focus();
            setShowsSamples(false);
          }}
        />
      )}
    </div>
  );
}
