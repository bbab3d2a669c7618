import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { InputView } from '../../protocol.ts';
import { FilePicker } from '../files/file-picker.tsx';
import { FileStrip } from '../files/file-strip.tsx';
import { useFileDrop } from '../files/use-file-drop.ts';
import { useFiles } from '../files/use-files.ts';
import type { FieldInputOf } from './field-input.tsx';

/** Files can be dropped anywhere on the form. */
export function FilesInput({ input, onChange }: FieldInputOf<Extract<InputView, { kind: 'files' }>>): JSX.Element {
  const field = useRef<HTMLDivElement>(null);
  const gathered = useFiles(input.most);
  const isHovered = useFileDrop(() => field.current?.closest('dialog'), gathered.add);
  useEffect(() => {
    const fileIds = gathered.files.flatMap(({ upload }) => (upload.state === 'there' ? upload.fileId : []));
    onChange({ fileIds });
  }, [gathered.files]);
  return (
    <div ref={field} class={isHovered ? 'files-input drop-target' : 'files-input'}>
      <FileStrip files={gathered.files} onRemove={gathered.remove} />
      <FilePicker gathered={gathered} most={input.most} />
    </div>
  );
}
