import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { FilePicker } from '../files/file-picker.tsx';
import { FileStrip } from '../files/file-strip.tsx';
import type { Gathered } from '../files/use-files.ts';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import { isDirect, titleOf } from '../places/places-of.ts';
import type { Place } from '../state/state.ts';
import { CommandMenu } from './command-menu.tsx';
import type { WrittenCommand } from './command-search.ts';
import { commandsIn, matchCommands, parseCommand } from './command-search.ts';
import { useListKeys } from './use-list-keys.ts';

interface TextFormOf {
  readonly place: Place;
  readonly gathered: Gathered;
  readonly takesFocus: boolean;
  readonly onCommand: (written: WrittenCommand) => void;
}

/** A line to write in; a slash at its beginning opens the menu of commands. */
export function TextForm({ place, gathered, takesFocus, onCommand }: TextFormOf): JSX.Element {
  const { state } = usePage();
  const [text, setText] = useState('');
  const [showsFiles, setShowsFiles] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const commands = commandsIn(state.view, place.id);
  const matches = matchCommands(text, commands);
  const begin = (written: WrittenCommand | undefined) => {
    if (written) onCommand(written);
  };
  const keys = useListKeys(matches ?? [], (command) => {
    begin(parseCommand(text, commands) ?? { command, texts: {} });
  });
  const send = useSending(place, gathered, {
    text,
    clear: () => {
      setText('');
      setShowsFiles(false);
    },
  });
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, []);
  const label = `Message ${titleOf(place)}`;
  return (
    <form
      class="text-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (matches === undefined) send();
        else begin(parseCommand(text, commands));
      }}
    >
      {matches && (
        <CommandMenu
          id={listId}
          commands={matches}
          activeIndex={keys.activeIndex}
          onChoose={(command) => onCommand({ command, texts: {} })}
        />
      )}
      {(showsFiles || gathered.files.length > 0) && (
        <div class="tray">
          <FileStrip files={gathered.files} onRemove={gathered.remove} />
          <FilePicker gathered={gathered} most={state.welcome?.uploads.mostFilesPerMessage ?? 10} />
        </div>
      )}
      <div class="text-line">
        {place.mayAttach && (
          <button
            type="button"
            class="icon-button"
            aria-label="Attach files"
            title="Attach files"
            aria-expanded={showsFiles}
            onClick={() => setShowsFiles(!showsFiles)}
          >
            <Icon name="plus" />
          </button>
        )}
        <textarea
          ref={input}
          rows={Math.min(6, text.split('\n').length)}
          value={text}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={matches ? listId : undefined}
          aria-activedescendant={matches?.[keys.activeIndex] && `${listId}-${keys.activeIndex}`}
          placeholder={placeholderFor(place)}
          disabled={!place.mayWrite}
          maxLength={2000}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.isComposing || keys.handle(event)) return;
            if (event.key === 'Escape' && matches) setText('');
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        <button type="submit" class="icon-button" aria-label="Send" title="Send" disabled={!place.mayWrite}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

function placeholderFor(place: Place): string {
  if (isDirect(place)) return 'The bot only writes here';
  return place.mayWrite ? `Message ${titleOf(place)}, or type /` : 'You may not write here';
}

interface Written {
  readonly text: string;
  readonly clear: () => void;
}

/** What was written stays until the host took it. */
function useSending(place: Place, gathered: Gathered, { text, clear }: Written): () => void {
  const { ask, dispatch } = usePage();
  return () => {
    const uploads = gathered.files.map(({ upload }) => upload);
    if (text.trim() === '' && uploads.length === 0) return;
    const fileIds = uploads.flatMap((upload) => (upload.state === 'there' ? upload.fileId : []));
    if (fileIds.length < uploads.length) {
      dispatch({
        type: 'notice',
        text: 'Not all files are there yet. Wait, or take out what failed.',
        isTrouble: true,
      });
      return;
    }
    const post = { type: 'post', channelId: place.id, content: text.trim(), fileIds } as const;
    void ask(post).then((answer) => {
      if (answer.type !== 'done') return;
      clear();
      gathered.clear();
    });
  };
}
