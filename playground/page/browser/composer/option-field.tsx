import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { ChoiceView, OptionView } from '../../protocol.ts';
import { optionsFrom } from '../forms/options-from.ts';
import { usePage } from '../page.ts';
import type { State } from '../state/state.ts';
import { SuggestingField, type FieldInputOf, type FieldSubject } from './suggesting-field.tsx';

interface OptionFieldOf {
  readonly subject: FieldSubject;
  readonly problem: string | undefined;
  readonly onWrite: (text: string, taken?: ChoiceView) => void;
}

/** One option with its name, what it means, and what is wrong with it. */
export function OptionField({ subject, problem, onWrite }: OptionFieldOf): JSX.Element {
  const { option } = subject;
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div class="field">
      <label for={id}>
        {option.name}
        {option.isRequired && <span class="required"> (required)</span>}
      </label>
      <Input id={id} noteId={noteId} subject={subject} isWrong={problem !== undefined} onWrite={onWrite} />
      <p id={noteId} class={problem === undefined ? 'faint' : 'problem'}>
        {problem ?? option.description}
      </p>
    </div>
  );
}

function Input(field: FieldInputOf): JSX.Element {
  const { id, noteId, isWrong, onWrite } = field;
  const { option, draft, place } = field.subject;
  const { state } = usePage();
  const offered = offeredBy(option, state, place.id);
  const shared = {
    id,
    name: option.name,
    'aria-describedby': noteId,
    'aria-invalid': isWrong,
    required: option.isRequired,
  };
  const text = draft.texts[option.name] ?? '';
  if (option.hasAutocomplete) return <SuggestingField {...field} />;
  if (offered) {
    return (
      <select {...shared} value={text} onChange={({ currentTarget }) => onWrite(currentTarget.value)}>
        <option value="">Choose</option>
        {offered.map(({ name, value }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    );
  }
  const isNumber = option.type === 'integer' || option.type === 'number';
  return (
    <input
      {...shared}
      type="text"
      inputMode={isNumber ? 'decimal' : 'text'}
      autocomplete="off"
      value={text}
      onInput={({ currentTarget }) => onWrite(currentTarget.value)}
    />
  );
}

interface Offered {
  readonly name: string;
  readonly value: string;
}

/** What one chooses from; undefined where one types. */
function offeredBy(option: OptionView, state: State, channelId: string): readonly Offered[] | undefined {
  if (option.choices.length > 0) return option.choices.map(({ name, value }) => ({ name, value: String(value) }));
  if (option.type === 'boolean') {
    return [
      { name: 'True', value: 'true' },
      { name: 'False', value: 'false' },
    ];
  }
  const from = sources[option.type];
  if (from === undefined) return undefined;
  return optionsFrom({ from, options: [], chosen: [] }, state, channelId).map(({ label, value }) => ({
    name: label,
    value,
  }));
}

const sources: Partial<Record<OptionView['type'], Parameters<typeof optionsFrom>[0]['from']>> = {
  person: 'people',
  channel: 'channels',
  role: 'roles',
  mentionable: 'people-and-roles',
};
