import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * Takes files that are dropped anywhere on `area`; an area inside another one goes first. Returns whether files hover above it.
 */
export function useFileDrop(
  area: () => HTMLElement | Document | null | undefined,
  onFiles: (files: readonly File[]) => void,
): boolean {
  const [isHovered, setIsHovered] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const target = area();
    if (!target) return undefined;
    const stop = new AbortController();
    const on = (name: string, listen: (event: DragEvent) => void) => {
      const guarded = (event: Event) => {
        if (!(event instanceof DragEvent) || event.dataTransfer?.types.includes('Files') !== true) return;
        event.preventDefault();
        event.stopPropagation();
        listen(event);
      };
      target.addEventListener(name, guarded, { signal: stop.signal });
    };
    on('dragover', () => {
      setIsHovered(true);
    });
    on('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) setIsHovered(false);
    });
    on('drop', ({ dataTransfer }) => {
      setIsHovered(false);
      take.current([...(dataTransfer?.files ?? [])]);
    });
    return () => {
      stop.abort();
    };
  }, []);
  return isHovered;
}
