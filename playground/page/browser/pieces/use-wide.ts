import { useEffect, useState } from 'preact/hooks';

/** Whether the window is at least so wide, in pixels. */
export function useWide(pixels: number): boolean {
  const [isWide, setIsWide] = useState(() => innerWidth >= pixels);
  useEffect(() => {
    const query = matchMedia(`(min-width: ${pixels}px)`);
    const update = () => {
      setIsWide(query.matches);
    };
    update();
    query.addEventListener('change', update);
    return () => {
      query.removeEventListener('change', update);
    };
  }, [pixels]);
  return isWide;
}
