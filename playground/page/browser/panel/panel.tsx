import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { FirstSteps } from '../steps/first-steps.tsx';
import { BotControls } from './bot-controls.tsx';
import { Charges } from './charges.tsx';
import { LastCalls } from './last-calls.tsx';
import { SpeedSlider } from './speed-slider.tsx';
import { Trainings } from './trainings.tsx';
import { TroubleSwitches } from './trouble-switches.tsx';

/** Behind the scenes: the provider's side, the bot's process, and switches to make trouble. */
export function PanelColumn({ onLeave }: { readonly onLeave?: () => void }): JSX.Element {
  const { state } = usePage();
  const { panel } = state;
  return (
    <aside class="panel" aria-label="Behind the scenes">
      <FirstSteps onLeave={onLeave} />
      {panel && (
        <>
          <section aria-labelledby="panel-provider">
            <h2 id="panel-provider">The provider’s side</h2>
            <p class="faint">A stand-in for ModelsLab. No money moves.</p>
            <SpeedSlider speed={panel.provider.speed} />
            <Charges provider={panel.provider} />
            <LastCalls calls={panel.provider.calls} />
            <Trainings trainings={panel.provider.trainings} />
          </section>
          <section aria-labelledby="panel-bot">
            <h2 id="panel-bot">The bot</h2>
            <BotControls bot={panel.bot} />
          </section>
          <section aria-labelledby="panel-trouble">
            <h2 id="panel-trouble">Make trouble</h2>
            <TroubleSwitches trouble={panel.trouble} />
          </section>
        </>
      )}
    </aside>
  );
}
