import type { ButtonHTMLAttributes, JSX } from 'preact';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';

interface IconButtonOf extends Pick<ButtonHTMLAttributes, 'onClick' | 'aria-expanded' | 'aria-haspopup' | 'disabled'> {
  readonly icon: IconName;
  /** What it does, in words. */
  readonly label: string;
}

export function IconButton({ icon, label, ...more }: IconButtonOf): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} {...more}>
      <Icon name={icon} />
    </button>
  );
}
