import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ChannelMention, MemberMention, RoleMention } from './mentions.tsx';
import { Moment } from './moment.tsx';
import type { Inline } from './tree.ts';

export function Line({ pieces }: { readonly pieces: readonly Inline[] }): JSX.Element {
  return (
    <>
      {pieces.map((piece, index) => (
        <Piece key={index} piece={piece} />
      ))}
    </>
  );
}

function Piece({ piece }: { readonly piece: Inline }): JSX.Element {
  switch (piece.type) {
    case 'text':
      return <>{piece.text}</>;
    case 'bold':
      return (
        <strong>
          <Line pieces={piece.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Line pieces={piece.children} />
        </em>
      );
    case 'underline':
      return (
        <u>
          <Line pieces={piece.children} />
        </u>
      );
    case 'strike':
      return (
        <s>
          <Line pieces={piece.children} />
        </s>
      );
    case 'spoiler':
      return <Spoiler pieces={piece.children} />;
    case 'code':
      return <code>{piece.text}</code>;
    case 'link':
      return (
        <a href={piece.url} target="_blank" rel="noreferrer noopener">
          <Line pieces={piece.children} />
        </a>
      );
    case 'member':
      return <MemberMention id={piece.id} />;
    case 'channel':
      return <ChannelMention id={piece.id} />;
    case 'role':
      return <RoleMention id={piece.id} />;
    case 'command':
      return <span class="mention">/{piece.name}</span>;
    case 'everyone':
      return <span class="mention">@{piece.name}</span>;
    case 'time':
      return <Moment at={piece.at * 1000} style={piece.style} />;
  }
}

function Spoiler({ pieces }: { readonly pieces: readonly Inline[] }): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen)
    return (
      <span class="spoiler">
        <Line pieces={pieces} />
      </span>
    );
  return (
    <button type="button" class="spoiler spoiler-closed" onClick={() => setIsOpen(true)}>
      Spoiler: press to read
    </button>
  );
}
