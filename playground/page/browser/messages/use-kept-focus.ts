import type { TargetedFocusEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * An update may take away or disable what has the focus, a button that was pressed above all; then the list takes the focus, so that
 * one goes on from there. Returns what listens for the focus in the list.
 */
export function useKeptFocus(list: {
  readonly current: HTMLElement | null;
}): (event: TargetedFocusEvent<HTMLElement>) => void {
  const focused = useRef<Element | null>(null);
  useLayoutEffect(() => {
    const { current: last } = focused;
    const { activeElement } = document;
    if (!last || (last.isConnected && !last.matches(':disabled'))) return;
    focused.current = null;
    if (activeElement === document.body || activeElement === last) list.current?.focus({ preventScroll: true });
  });
  return ({ target }) => {
    if (target instanceof Element) focused.current = target;
  };
}
