import sharp from 'sharp';
import type { Upload } from '../../discord/state/upload.ts';
import { damagedPhotos, type Damage } from '../../photos/damaged.ts';
import { drawPortraits } from '../../photos/portraits.ts';
import type { SamplesView, SampleView } from '../protocol.ts';

/** Photos for those who have none at hand: drawn once, while the page is there already. */
export interface Samples {
  view(): SamplesView;
  /** The photo or, for its thumbnail, a small picture of it. */
  find(fileId: string): Sample | undefined;
  /** Resolves when all are drawn. */
  readonly drawn: Promise<void>;
}

export interface Sample {
  readonly file: Upload;
  readonly thumbnail: Buffer;
  readonly description: string;
}

const thumbnailSide = 160;
const portraitsShown = 8;
/** What the checks find wrong, for those who want to see them do so. */
const faultsShown: Partial<Readonly<Record<Damage, string>>> = {
  tiny: 'The same person, far too small',
  blurred: 'The same person, out of focus',
  dark: 'The same person, in the dark',
};

/** Begins when `turn` has come: the bot's start needs the machine more. */
export function drawSamples(turn: Promise<unknown>, onChange: () => void, signal: AbortSignal): Samples {
  const samples = new Map<string, Sample>();
  let isDrawing = true;
  const add = async ({ name, bytes }: Upload, description: string) => {
    const thumbnail = await sharp(bytes).autoOrient().resize(thumbnailSide, thumbnailSide).jpeg().toBuffer();
    samples.set(`sample-${samples.size + 1}`, { file: { name, bytes }, thumbnail, description });
    onChange();
  };
  const draw = async () => {
    await turn;
    if (signal.aborted) return;
    for (const photo of await drawPortraits({ count: portraitsShown })) await add(photo, 'A drawn portrait');
    for (const { damage, ...photo } of await damagedPhotos()) {
      const description = faultsShown[damage];
      if (description) await add(photo, description);
    }
  };
  const drawn = draw().finally(() => {
    isDrawing = false;
    onChange();
  });
  return {
    view: () => ({ isDrawing, photos: [...samples].map(sampleView) }),
    find: (fileId) => samples.get(fileId),
    drawn,
  };
}

function sampleView([fileId, { file, description }]: readonly [string, Sample]): SampleView {
  const url = `/samples/${fileId}`;
  return { fileId, name: file.name, bytes: file.bytes.byteLength, url, thumbnailUrl: `${url}/thumbnail`, description };
}
