import type { JSX } from 'preact';
import type { TroubleName, TroubleView } from '../../protocol.ts';
import { usePage } from '../page.ts';

/** What the switch does, and what one should see then. */
interface Trouble {
  readonly name: TroubleName;
  readonly label: string;
  readonly note: string;
  readonly expect: string;
}

const switches: readonly Trouble[] = [
  {
    name: 'provider-down',
    label: 'Provider down',
    note: 'Every call to it meets 503.',
    expect: 'An order waits and is not billed; a training runs on over there. Switched off, the bot goes on by itself.',
  },
  {
    name: 'drop-before-charge',
    label: 'Lose the next order',
    note: 'The next Start is cut off on its way to the provider.',
    expect: 'The card says that it is checking. After about a minute the bot is certain, and sends the order again.',
  },
  {
    name: 'drop-after-charge',
    label: 'Lose the next answer',
    note: 'The next Start is charged, but nobody hears of it.',
    expect: 'The card says that it is checking, finds the training and goes on with it: one charge, not two.',
  },
  {
    name: 'no-credit',
    label: 'No credit',
    note: 'Every wallet is empty.',
    expect: 'Start ends with what to do. Switch it off and press Try again: photos and settings are still there.',
  },
  {
    name: 'discord-429',
    label: 'Discord says “too fast”',
    note: 'Every request of the bot meets 429.',
    expect: 'Commands get no answer, cards stand still, trainings run on. Switched off, the news is posted.',
  },
  {
    name: 'channels-closed',
    label: 'Close the channels to the bot',
    note: 'It sees no channel and no thread any more.',
    expect: 'What becomes of a training reaches its owner as a direct message: look below the channels.',
  },
];

export function TroubleSwitches({ trouble }: { readonly trouble: TroubleView }): JSX.Element {
  const { ask } = usePage();
  return (
    <ul class="switches">
      {switches.map(({ name, label, note, expect }) => (
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
              {note} {expect}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
