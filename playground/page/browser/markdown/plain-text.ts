import { parseBlocks } from './blocks.ts';
import type { Block, Inline } from './tree.ts';

/** The words without their form, for places that show none: a notice, a quotation in one line. */
export function plainText(markdown: string): string {
  return blocksText(parseBlocks(markdown));
}

function blocksText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join(' ');
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'subtext':
    case 'heading':
      return inlineText(block.children);
    case 'quote':
      return blocksText(block.blocks);
    case 'list':
      return block.items.map(blocksText).join(', ');
    case 'code-block':
      return block.text;
  }
}

function inlineText(pieces: readonly Inline[]): string {
  return pieces.map(pieceText).join('');
}

function pieceText(piece: Inline): string {
  switch (piece.type) {
    case 'text':
    case 'code':
      return piece.text;
    case 'command':
      return `/${piece.name}`;
    case 'everyone':
      return `@${piece.name}`;
    case 'time':
      return new Date(piece.at * 1000).toLocaleTimeString();
    // Who and where is known elsewhere.
    case 'member':
    case 'role':
    case 'channel':
      return '';
    default:
      return inlineText(piece.children);
  }
}
