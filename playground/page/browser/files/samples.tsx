import type { JSX } from 'preact';
import type { SampleView } from '../../protocol.ts';
import { usePage } from '../page.ts';

interface SamplesOf {
  /** How many more fit. */
  readonly room: number;
  readonly onTake: (samples: readonly SampleView[]) => void;
}

const mostAtOnce = 8;

/** Photos that the playground drew: one by one, or enough for a training at once. */
export function Samples({ room, onTake }: SamplesOf): JSX.Element {
  const { state } = usePage();
  const { photos = [], isDrawing = true } = state.panel?.samples ?? {};
  const several = photos.slice(0, Math.min(mostAtOnce, room));
  return (
    <div class="samples" role="group" aria-label="Sample photos">
      {isDrawing && <p class="faint">More are being drawn…</p>}
      <button
        type="button"
        class="button button-primary"
        disabled={several.length === 0}
        onClick={() => onTake(several)}
      >
        {room <= 0 ? 'No room for more' : `Add ${several.length} sample ${several.length === 1 ? 'photo' : 'photos'}`}
      </button>
      <ul>
        {photos.map((photo) => (
          <li key={photo.fileId}>
            <button
              type="button"
              class="sample"
              disabled={room <= 0}
              aria-label={`Add ${photo.name}: ${photo.description}`}
              onClick={() => onTake([photo])}
            >
              <img src={photo.thumbnailUrl} alt="" loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
