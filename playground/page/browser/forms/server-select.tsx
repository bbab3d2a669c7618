import type { JSX } from 'preact';
import type { InputView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { currentChannelId } from '../state/state.ts';
import { ChoiceList } from './choice-list.tsx';
import type { FieldInputOf } from './field-input.tsx';
import { optionsFrom } from './options-from.ts';
import { SelectInput } from './select-input.tsx';

type ServerSelectOf = FieldInputOf<Extract<InputView, { kind: 'select' }>>;

/** Of several one ticks those that one wants: a list in which to hold a key down while one clicks is known to few. */
export function ServerSelect({ id, noteId, input, onChange }: ServerSelectOf): JSX.Element {
  const { state } = usePage();
  const options = optionsFrom(input, state, currentChannelId(state) ?? '');
  if (input.most > 1)
    return <ChoiceList id={id} input={{ ...input, kind: 'checkboxes', options }} onChange={onChange} />;
  return <SelectInput id={id} describedBy={noteId} input={{ ...input, options }} onChange={onChange} />;
}
