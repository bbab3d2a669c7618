import type { JSX } from 'preact';
import type { CommandView } from '../../protocol.ts';

interface CommandMenuOf {
  readonly id: string;
  readonly commands: readonly CommandView[];
  readonly activeIndex: number;
  readonly onChoose: (command: CommandView) => void;
}

/** The commands that fit what was typed after the slash. The focus stays in the line where one types. */
export function CommandMenu({ id, commands, activeIndex, onChoose }: CommandMenuOf): JSX.Element {
  if (commands.length === 0) {
    return (
      <p class="command-menu command-none" role="status">
        No command fits. The bot registers its commands when it starts.
      </p>
    );
  }
  return (
    // It scrolls, so it can have the focus; while one types it is moved through with the arrows.
    <ul class="command-menu" id={id} role="listbox" aria-label="Commands" tabIndex={0}>
      {commands.map((command, index) => (
        <li
          key={command.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === activeIndex}
          ref={(item) => {
            if (index === activeIndex) item?.scrollIntoView({ block: 'nearest' });
          }}
          // Pressing it must not take the focus out of the line.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(command)}
        >
          <strong>/{command.path}</strong>
          <span>{command.description}</span>
        </li>
      ))}
    </ul>
  );
}
