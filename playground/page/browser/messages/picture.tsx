import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { MediaView } from '../../protocol.ts';
import { Dialog } from '../pieces/dialog.tsx';

interface PictureOf {
  readonly media: MediaView;
  /** Where nobody described it. */
  readonly fallback: string;
  readonly isSpoiler?: boolean;
}

/** A picture that opens large. */
export function Picture({ media, fallback, isSpoiler = false }: PictureOf): JSX.Element {
  const [isLarge, setIsLarge] = useState(false);
  const [isHidden, setIsHidden] = useState(isSpoiler);
  const words = media.description ?? fallback;
  const size = media.width !== null && media.height !== null ? { width: media.width, height: media.height } : {};
  return (
    <>
      <button
        type="button"
        class={isHidden ? 'picture picture-hidden' : 'picture'}
        aria-label={isHidden ? 'Spoiler: press to see the picture' : `Open large: ${words}`}
        onClick={() => {
          if (isHidden) setIsHidden(false);
          else setIsLarge(true);
        }}
      >
        <img src={media.url} alt={isHidden ? '' : words} loading="lazy" {...size} />
      </button>
      {isLarge && (
        <Dialog title={words} kind="picture" onClose={() => setIsLarge(false)}>
          <img src={media.url} alt={words} {...size} />
          <a class="button button-secondary" href={media.url} target="_blank" rel="noreferrer">
            Open in a tab of its own
          </a>
        </Dialog>
      )}
    </>
  );
}
