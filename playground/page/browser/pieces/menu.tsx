import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly choose: () => void;
}

export interface MenuGroup {
  readonly heading: string;
  readonly items: readonly MenuItem[];
}

interface MenuOf {
  readonly label: string;
  readonly groups: readonly MenuGroup[];
  /** Where it opens, in pixels of the window. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** A menu at a place of the screen. Arrows move, Esc closes; the focus goes back to where it was. */
export function Menu({ label, groups, at, onClose }: MenuOf): JSX.Element {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const { current: shown } = menu;
    placeAt(shown, at);
    itemsOf(shown)[0]?.focus();
    const leave = (event: Event) => {
      if (event.target instanceof Node && shown?.contains(event.target) !== true) onClose();
    };
    document.addEventListener('pointerdown', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      // The menu is gone from the page by now, and what had the focus in it has left it to nobody.
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  return (
    <div ref={menu} class="menu" role="menu" aria-label={label} onKeyDown={(event) => move(event, onClose)}>
      {groups.map(({ heading, items }) => (
        <div key={heading} role="group" aria-label={heading}>
          <div class="menu-heading" aria-hidden="true">
            {heading}
          </div>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                onClose();
                item.choose();
              }}
            >
              <Icon name={item.icon} />
              {item.label}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
}

const margin = 8;

function placeAt(menu: HTMLElement | null, { x, y }: MenuOf['at']): void {
  if (!menu) return;
  menu.style.left = `${Math.max(margin, Math.min(x, innerWidth - menu.offsetWidth - margin))}px`;
  menu.style.top = `${Math.max(margin, Math.min(y, innerHeight - menu.offsetHeight - margin))}px`;
}

function move(event: TargetedKeyboardEvent<HTMLElement>, close: () => void): void {
  const items = itemsOf(event.currentTarget);
  const at = items.findIndex((item) => item === document.activeElement);
  const targets: Partial<Record<string, number>> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = targets[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') close();
  if (target === undefined && event.key !== 'Escape') return;
  event.preventDefault();
  event.stopPropagation();
  items[target ?? at]?.focus();
}
