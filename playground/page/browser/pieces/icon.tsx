import type { JSX } from 'preact';

/** Drawn on 24 × 24 with a line of 2. */
const shapes = {
  aperture:
    'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M14.3 8 20 17.9M9.7 8h11.5M7.4 12l5.7-9.9M9.7 16 4 6.1M14.3 16H2.8M16.6 12l-5.7 9.9',
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 6h16M4 12h16M4 18h16',
  panel: 'M4 5h16v14H4zM15 5v14',
  plus: 'M12 5v14M5 12h14',
  send: 'M4 12 20 4l-5 16-3.5-6.5zM11.5 13.5 20 4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  hash: 'M10 4 8 20M16 4l-2 16M4 9h16M4 15h16',
  thread: 'M5 5h14v10h-8l-4 4v-4H5zM9 10h6',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01',
  link: 'M14 5h5v5M19 5l-8 8M17 14v5H5V7h5',
  check: 'M5 12.5 10 17.5 19.5 7',
  down: 'M6 9l6 6 6-6',
  forward: 'M14 6l6 6-6 6M20 12H9a5 5 0 0 0-5 5v1',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  bolt: 'M13 3 5 14h6l-1 7 8-11h-6z',
  help: 'M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5h.01M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
} as const;

export type IconName = keyof typeof shapes;

/** Says nothing by itself: what it stands for is said beside it. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
