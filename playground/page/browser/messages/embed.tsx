import type { JSX } from 'preact';
import type { EmbedView } from '../../protocol.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { Picture } from './picture.tsx';

export function Embed({ embed }: { readonly embed: EmbedView }): JSX.Element {
  const { title, description, author, footer, fields, image, thumbnail, color } = embed;
  return (
    <div class="embed" style={{ borderLeftColor: colourText(color) }}>
      <div class="embed-text">
        {author !== null && <p class="embed-author">{author}</p>}
        {title !== null && <EmbedTitle title={title} url={embed.url} />}
        {description !== null && <Markdown text={description} />}
        {fields.length > 0 && <Fields fields={fields} />}
      </div>
      {thumbnail && (
        <div class="embed-thumbnail">
          <Picture media={thumbnail} fallback="Picture" />
        </div>
      )}
      {image && (
        <div class="embed-image">
          <Picture media={image} fallback={`Picture of ${title ?? 'the message'}`} />
        </div>
      )}
      {footer !== null && <p class="embed-footer">{footer}</p>}
    </div>
  );
}

function EmbedTitle({ title, url }: { readonly title: string; readonly url: string | null }): JSX.Element {
  const words = <Markdown text={title} />;
  return (
    <div class="embed-title">
      {url === null ? (
        words
      ) : (
        <a href={url} target="_blank" rel="noreferrer">
          {words}
        </a>
      )}
    </div>
  );
}

/** Inline ones stand side by side, as far as there is room. */
function Fields({ fields }: Pick<EmbedView, 'fields'>): JSX.Element {
  return (
    <dl class="embed-fields">
      {fields.map(({ name, value, isInline }, index) => (
        <div key={index} class={isInline ? 'embed-field embed-field-inline' : 'embed-field'}>
          <dt>
            <Markdown text={name} />
          </dt>
          <dd>
            <Markdown text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** `#rrggbb`; the edge of an embed without a colour of its own stays as it is. */
export function colourText(colour: number | null): string | undefined {
  return colour === null ? undefined : `#${colour.toString(16).padStart(6, '0')}`;
}
