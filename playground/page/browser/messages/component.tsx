import type { JSX } from 'preact';
import type { ButtonView, ComponentView, MessageView } from '../../protocol.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { usePage } from '../page.ts';
import { Icon } from '../pieces/icon.tsx';
import { FileLink } from './attachments.tsx';
import { colourText } from './embed.tsx';
import { Picture } from './picture.tsx';
import { Select } from './select.tsx';

interface ComponentOf<T extends ComponentView = ComponentView> {
  readonly component: T;
  /** The message in which it stands. */
  readonly message: MessageView;
}

/** Any component of a message, with what stands in it. */
function Component({ component, message }: ComponentOf): JSX.Element {
  switch (component.kind) {
    case 'button':
      return <Button component={component} message={message} />;
    case 'select':
      return <Select component={component} message={message} />;
    case 'text':
      return <Markdown text={component.content} />;
    case 'row':
      return (
        <div class="row">
          <Components components={component.components} message={message} />
        </div>
      );
    case 'section':
      return (
        <div class="section">
          <div>
            <Components components={component.components} message={message} />
          </div>
          {component.accessory && <Component component={component.accessory} message={message} />}
        </div>
      );
    case 'thumbnail':
      return (
        <div class="thumbnail">
          <Picture media={component.media} fallback="Picture" isSpoiler={component.isSpoiler} />
        </div>
      );
    case 'gallery':
      return (
        <div class={component.items.length === 1 ? 'gallery gallery-one' : 'gallery'}>
          {component.items.map(({ media, isSpoiler }) => (
            <Picture key={media.url} media={media} fallback="Picture" isSpoiler={isSpoiler} />
          ))}
        </div>
      );
    case 'file':
      return <FileLink name={component.name} url={component.file.url} note={component.file.contentType ?? 'File'} />;
    case 'separator':
      return (
        <hr
          class={`separator${component.hasLine ? '' : ' separator-bare'}${component.isLarge ? ' separator-large' : ''}`}
        />
      );
    case 'container':
      return (
        <div class="embed container" style={{ borderLeftColor: colourText(component.color) }}>
          <Components components={component.components} message={message} />
        </div>
      );
  }
}

interface ComponentsOf {
  readonly components: readonly ComponentView[];
  readonly message: MessageView;
}

export function Components({ components, message }: ComponentsOf): JSX.Element {
  return (
    <>
      {components.map((component, index) => (
        <Component key={keyOf(component, index)} component={component} message={message} />
      ))}
    </>
  );
}

/** A button keeps its focus when the others around it change. */
function keyOf(component: ComponentView, index: number): string {
  const isUsed = component.kind === 'button' || component.kind === 'select';
  return isUsed ? (component.customId ?? `link ${index}`) : `${component.kind} ${index}`;
}

function Button({ component, message }: ComponentOf<ButtonView>): JSX.Element {
  const { state, ask } = usePage();
  const { customId, url, style, isDisabled } = component;
  if (url !== null) {
    return (
      <a class="button button-secondary" href={url} target="_blank" rel="noreferrer">
        <Label component={component} />
        <Icon name="link" />
      </a>
    );
  }
  const isWaiting = state.view.uses.some(
    ({ source, state: how }) => how === 'waiting' && source?.messageId === message.id && source.customId === customId,
  );
  return (
    <button
      type="button"
      class={`button button-${style}`}
      disabled={isDisabled}
      aria-busy={isWaiting}
      onClick={() => {
        if (customId === null || isWaiting) return;
        void ask({ type: 'press', channelId: message.channelId, messageId: message.id, customId });
      }}
    >
      <Label component={component} />
      {isWaiting && <span class="dots" aria-hidden="true" />}
    </button>
  );
}

function Label({ component: { emoji, label } }: { readonly component: ButtonView }): JSX.Element {
  return (
    <span>
      {emoji !== null && `${emoji} `}
      {label}
    </span>
  );
}
