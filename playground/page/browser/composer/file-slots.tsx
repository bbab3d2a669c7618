import type { JSX } from 'preact';
import type { OptionView } from '../../protocol.ts';
import { FilePicker } from '../files/file-picker.tsx';
import { FileStrip } from '../files/file-strip.tsx';
import type { Gathered } from '../files/use-files.ts';
import type { Problems } from './command-draft.ts';

interface FileSlotsOf {
  readonly options: readonly OptionView[];
  readonly gathered: Gathered;
  readonly problems: Problems;
}

/** One place for all options that take files: what is added fills them from the first to the last. */
export function FileSlots({ options, gathered, problems }: FileSlotsOf): JSX.Element | null {
  const [first] = options;
  const last = options.at(-1);
  if (!first || !last) return null;
  const slots = options.map(({ name }) => name);
  const title = first === last ? first.name : `${first.name} to ${last.name}`;
  return (
    <fieldset class="slots">
      <legend>
        {title} <span class="faint">{first.description}</span>
      </legend>
      <FileStrip files={gathered.files} slots={slots} onRemove={gathered.remove} />
      <FilePicker gathered={gathered} most={slots.length} />
      {slots
        .filter((name) => problems[name] !== undefined)
        .map((name) => (
          <p class="problem" key={name}>
            {name}: {problems[name]}
          </p>
        ))}
    </fieldset>
  );
}
