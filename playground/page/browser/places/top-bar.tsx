import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import { PersonSwitch } from './person-switch.tsx';

export function TopBar(): JSX.Element {
  const { state } = usePage();
  return (
    <header class="top-bar">
      <h1>
        <Icon name="aperture" />
        <span>
          Darkroom <span class="brand-note">playground</span>
        </span>
      </h1>
      <p class="disclaimer">
        This is not Discord: a stand-in on your machine. <span>Nothing leaves it, nothing costs anything.</span>
      </p>
      <PersonSwitch />
      {state.link !== 'open' && (
        <p class="link-state" role="status">
          {state.link === 'lost' ? 'Connection lost. Trying again…' : 'Connecting…'}
        </p>
      )}
    </header>
  );
}
