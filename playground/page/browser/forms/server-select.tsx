import type { JSX } from 'preact';
import type { InputView } from '../../protocol.ts';
import { usePage } from '../page.ts';
import { currentChannelId } from '../state/state.ts';
import type { FieldInputOf } from './field-input.tsx';
import { optionsFrom } from './options-from.ts';
import { SelectInput } from './select-input.tsx';

type ServerSelectOf = FieldInputOf<Extract<InputView, { kind: 'select' }>>;

export function ServerSelect({ id, noteId, input, onChange }: ServerSelectOf): JSX.Element {
  const { state } = usePage();
  const options = optionsFrom(input, state, currentChannelId(state) ?? '');
  return <SelectInput id={id} describedBy={noteId} input={{ ...input, options }} onChange={onChange} />;
}
