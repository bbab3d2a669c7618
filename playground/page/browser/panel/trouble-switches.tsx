import type { JSX } from 'preact';
import type { TroubleName, TroubleView } from '../../protocol.ts';
import { usePage } from '../page.ts';

const switches: readonly { readonly name: TroubleName; readonly label: string; readonly note: string }[] = [
  { name: 'provider-down', label: 'Provider down', note: 'Every call to it meets 503.' },
  {
    name: 'drop-before-charge',
    label: 'Lose the next order',
    note: 'The next paid call is cut off before it is carried out.',
  },
  {
    name: 'drop-after-charge',
    label: 'Lose the next answer',
    note: 'The next paid call is carried out and charged, but nobody hears of it.',
  },
  { name: 'no-credit', label: 'No credit', note: 'Every wallet is empty.' },
  { name: 'discord-429', label: 'Discord says “too fast”', note: 'Every request of the bot meets 429.' },
];

export function TroubleSwitches({ trouble }: { readonly trouble: TroubleView }): JSX.Element {
  const { ask } = usePage();
  return (
    <ul class="switches">
      {switches.map(({ name, label, note }) => (
        <li key={name}>
          <button
            type="button"
            role="switch"
            class="switch"
            aria-checked={trouble[name]}
            aria-labelledby={`trouble-${name}`}
            aria-describedby={`trouble-${name}-note`}
            onClick={() => void ask({ type: 'trouble', name, isOn: !trouble[name] })}
          />
          <div>
            <p id={`trouble-${name}`}>{label}</p>
            <p id={`trouble-${name}-note`} class="faint">
              {note}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
