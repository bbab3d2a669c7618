import type { JSX } from 'preact';
import type { AttachmentView, MediaView } from '../../protocol.ts';
import { Icon } from '../pieces/icon.tsx';
import { bytesText } from '../pieces/words.ts';
import { Picture } from './picture.tsx';

/** Pictures side by side, other files below. */
export function Attachments({ attachments }: { readonly attachments: readonly AttachmentView[] }): JSX.Element {
  const pictures = attachments.filter(isPicture);
  const files = attachments.filter((one) => !isPicture(one));
  return (
    <>
      {pictures.length > 0 && (
        <div class={pictures.length === 1 ? 'gallery gallery-one' : 'gallery'}>
          {pictures.map((one) => (
            <Picture key={one.id} media={one} fallback={one.name} />
          ))}
        </div>
      )}
      {files.map((one) => (
        <FileLink key={one.id} name={one.name} url={one.url} note={bytesText(one.bytes)} />
      ))}
    </>
  );
}

export function FileLink({ name, url, note }: Readonly<Record<'name' | 'url' | 'note', string>>): JSX.Element {
  return (
    <a class="file-link" href={url} target="_blank" rel="noreferrer">
      <Icon name="file" />
      <span>
        <span class="file-name">{name}</span>
        <span class="faint">{note}</span>
      </span>
    </a>
  );
}

function isPicture({ contentType }: MediaView): boolean {
  return /^image\/(?:jpeg|png|webp|gif|avif|svg\+xml)$/u.test(contentType ?? '');
}
