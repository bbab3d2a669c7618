import { useEffect, useRef, useState } from 'preact/hooks';
import type { SampleView } from '../../protocol.ts';
import type { DraftFile } from '../link/upload.ts';
import { draftFromFile, draftFromSample, upload } from '../link/upload.ts';
import { usePage } from '../page.ts';

/** The files that somebody gathers for a message, a command or a form. They go up at once. */
export interface Gathered {
  readonly files: readonly DraftFile[];
  readonly add: (files: readonly File[]) => void;
  readonly addSamples: (samples: readonly SampleView[]) => void;
  readonly remove: (key: string) => void;
  readonly clear: () => void;
}

/** Above `most` nothing is added, and a notice says so. */
export function useFiles(most: number): Gathered {
  const { state, dispatch } = usePage();
  const [files, setFiles] = useState<readonly DraftFile[]>([]);
  const previews = useRef<string[]>([]);
  useEffect(
    () => () => {
      for (const url of previews.current) URL.revokeObjectURL(url);
    },
    [],
  );

  const take = (drafts: readonly DraftFile[]) => {
    const room = Math.max(0, most - files.length);
    if (drafts.length > room) dispatch({ type: 'notice', text: tooManyText(most), isTrouble: true });
    setFiles((before) => [...before, ...drafts].slice(0, most));
  };
  const send = async (draft: DraftFile, file: File) => {
    const result = await upload(file, state.welcome?.uploads.largestBytes ?? Infinity);
    setFiles((before) => before.map((one) => (one.key === draft.key ? { ...one, upload: result } : one)));
  };
  return {
    files,
    add(added) {
      const pairs = added.map((file) => {
        const url = URL.createObjectURL(file);
        previews.current.push(url);
        return { file, draft: draftFromFile(file, url) };
      });
      take(pairs.map(({ draft }) => draft));
      for (const { draft, file } of pairs) void send(draft, file);
    },
    addSamples(samples) {
      take(samples.map(draftFromSample));
    },
    remove(key) {
      setFiles((before) => before.filter((one) => one.key !== key));
    },
    clear() {
      setFiles([]);
    },
  };
}

function tooManyText(most: number): string {
  return most === 0 ? 'Files cannot be added here.' : `Only ${most} files fit here; the others were left out.`;
}
