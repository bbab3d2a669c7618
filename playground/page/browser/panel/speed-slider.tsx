import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { usePage } from '../page.ts';

const fastest = 600;
const steps = 100;

/** From as slow as it really is to six hundred times as fast; each step of the slider multiplies. */
export function SpeedSlider({ speed }: { readonly speed: number }): JSX.Element {
  const { ask } = usePage();
  const [shown, setShown] = useState(speed);
  useEffect(() => {
    setShown(speed);
  }, [speed]);
  return (
    <div class="speed">
      <label for="speed">
        Speed of trainings <strong>{shown} ×</strong>
      </label>
      <input
        id="speed"
        type="range"
        min={0}
        max={steps}
        value={Math.round((Math.log(shown) / Math.log(fastest)) * steps)}
        aria-valuetext={speedText(shown)}
        onInput={({ currentTarget }) =>
          setShown(Math.max(1, Math.round(fastest ** (Number(currentTarget.value) / steps))))
        }
        onChange={() => void ask({ type: 'speed', speed: shown })}
      />
      <p class="faint">{speedText(shown)}</p>
    </div>
  );
}

const realMinutes = 30;

function speedText(speed: number): string {
  const seconds = (realMinutes * 60) / speed;
  return seconds >= 90
    ? `A training takes about ${Math.round(seconds / 60)} minutes`
    : `A training takes about ${Math.round(seconds)} seconds`;
}
