import type { JSX } from 'preact';
import type { DraftFile } from '../link/upload.ts';
import { Icon } from '../pieces/icon.tsx';
import { IconButton } from '../pieces/icon-button.tsx';
import { bytesText } from '../pieces/words.ts';

interface FileStripOf {
  readonly files: readonly DraftFile[];
  /** What each is for, in order: `photo1`. */
  readonly slots?: readonly string[];
  readonly onRemove: (key: string) => void;
}

/** The files gathered so far, each to be taken out again. */
export function FileStrip({ files, slots = [], onRemove }: FileStripOf): JSX.Element | null {
  if (files.length === 0) return null;
  return (
    <ul class="file-strip" aria-label="Files to send">
      {files.map((file, index) => (
        <li key={file.key} class={`draft-file draft-${file.upload.state}`}>
          {file.previewUrl === undefined ? <Icon name="file" /> : <img src={file.previewUrl} alt="" />}
          <span class="draft-slot">{slots[index]}</span>
          <span class="draft-name">{file.name}</span>
          <span class="draft-note">{noteOn(file)}</span>
          <IconButton
            icon="close"
            label={`Take out ${file.name}`}
            onClick={({ currentTarget }) => {
              focusBeside(currentTarget);
              onRemove(file.key);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

/** Where the focus goes when its file is taken out: to the next file, or where others are added. */
function focusBeside(button: HTMLElement): void {
  const item = button.closest('li');
  const neighbour = item?.nextElementSibling ?? item?.previousElementSibling;
  const target = neighbour?.querySelector('button') ?? button.closest('form')?.querySelector('.file-picker button');
  if (target instanceof HTMLElement) target.focus();
}

function noteOn({ upload, bytes }: DraftFile): string {
  switch (upload.state) {
    case 'going':
      return 'on its way…';
    case 'there':
      return bytesText(bytes);
    case 'failed':
      return upload.why;
  }
}
