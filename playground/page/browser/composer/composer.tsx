import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useFileDrop } from '../files/use-file-drop.ts';
import { useFiles } from '../files/use-files.ts';
import { usePage } from '../page.ts';
import type { Place } from '../state/state.ts';
import { CommandForm } from './command-form.tsx';
import type { WrittenCommand } from './command-search.ts';
import { commandsIn } from './command-search.ts';
import { TextForm } from './text-form.tsx';

/** Where one writes, or fills in a command. */
export function Composer({ place }: { readonly place: Place }): JSX.Element {
  const { state } = usePage();
  const [written, setWritten] = useState<WrittenCommand>();
  const most = state.welcome?.uploads.mostFilesPerMessage ?? 10;
  const gathered = useFiles(place.mayAttach ? most : 0);
  const [isDone, setIsDone] = useState(false);
  const isHovered = useFileDrop(() => document, gathered.add);
  useProposal(place, (proposed, withSamples) => {
    gathered.clear();
    if (withSamples) gathered.addSamples(state.panel?.samples.photos.slice(0, 8) ?? []);
    setWritten(proposed);
  });
  const close = () => {
    setWritten(undefined);
    gathered.clear();
    setIsDone(true);
  };
  return (
    <div class="composer">
      {isHovered && <p class="drop-here">Drop the files to add them here</p>}
      {written ? (
        <CommandForm key={written.command.id} place={place} written={written} gathered={gathered} onDone={close} />
      ) : (
        // Whoever filled in a command goes on where they began it.
        <TextForm place={place} gathered={gathered} takesFocus={isDone} onCommand={setWritten} />
      )}
    </div>
  );
}

/** Lays out a command that another part of the page proposed for this channel. */
function useProposal(place: Place, onProposal: (written: WrittenCommand, withSamples: boolean) => void): void {
  const { state, dispatch } = usePage();
  const { proposal } = state;
  const take = useRef(onProposal);
  take.current = onProposal;
  const command = commandsIn(state.view, place.id).find(({ path }) => path === proposal?.path);
  useEffect(() => {
    if (!proposal || !command || proposal.channelId !== place.id) return;
    take.current({ command, texts: proposal.texts }, proposal.withSamples);
    dispatch({ type: 'propose', proposal: undefined });
  }, [proposal, command]);
}
