import type { JSX } from 'preact';
import { usePage } from '../page.ts';
import { Avatar } from '../pieces/avatar.tsx';

/** Whose eyes and hands one has. */
export function PersonSwitch(): JSX.Element {
  const { state, ask } = usePage();
  const { viewers = [] } = state.welcome ?? {};
  return (
    <fieldset class="person-switch">
      <legend>You are</legend>
      {viewers.map(({ id, name }, index) => (
        <label key={id} class={id === state.viewerId ? 'person person-chosen' : 'person'}>
          <input
            type="radio"
            name="viewer"
            class="visually-hidden"
            value={id}
            checked={id === state.viewerId}
            onChange={() => void ask({ type: 'seeAs', personId: id })}
          />
          <Avatar name={name} />
          <span>
            {name}
            {index === 0 && <span class="person-role"> admin</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
