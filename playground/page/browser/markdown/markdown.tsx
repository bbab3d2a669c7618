import type { JSX } from 'preact';
import { parseBlocks } from './blocks.ts';
import { Line } from './line.tsx';
import type { Block } from './tree.ts';

/** A text with Discord's formatting. */
export function Markdown({ text }: { readonly text: string }): JSX.Element {
  return (
    <div class="markdown">
      <Blocks blocks={parseBlocks(text)} />
    </div>
  );
}

function Blocks({ blocks }: { readonly blocks: readonly Block[] }): JSX.Element {
  return (
    <>
      {blocks.map((block, index) => (
        <OneBlock key={index} block={block} />
      ))}
    </>
  );
}

function OneBlock({ block }: { readonly block: Block }): JSX.Element {
  switch (block.type) {
    case 'paragraph':
      return (
        <p>
          <Line pieces={block.children} />
        </p>
      );
    case 'subtext':
      return (
        <p class="subtext">
          <Line pieces={block.children} />
        </p>
      );
    // Headings of the page itself come first: what a message calls a heading is strong text to a reader of the page.
    case 'heading':
      return (
        <p class={`heading heading-${block.level}`}>
          <Line pieces={block.children} />
        </p>
      );
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case 'list':
      return <List block={block} />;
    case 'code-block':
      return (
        // Long lines are scrolled, which the keyboard can do only where the focus is.
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
  }
}

function List({ block }: { readonly block: Extract<Block, { type: 'list' }> }): JSX.Element {
  const items = block.items.map((blocks, index) => (
    <li key={index}>
      <Blocks blocks={blocks} />
    </li>
  ));
  return block.isOrdered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
}
