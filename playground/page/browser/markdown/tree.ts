/** A piece of text inside a line. */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly type: 'member' | 'channel' | 'role'; readonly id: string }
  | { readonly type: 'command'; readonly name: string }
  | { readonly type: 'everyone'; readonly name: string }
  /** `at` in seconds; `style` is Discord's letter: `R` counts by itself. */
  | { readonly type: 'time'; readonly at: number; readonly style: string };

export type Block =
  | { readonly type: 'paragraph' | 'subtext'; readonly children: readonly Inline[] }
  | { readonly type: 'heading'; readonly level: 1 | 2 | 3; readonly children: readonly Inline[] }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly type: 'list';
      readonly isOrdered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly type: 'code-block'; readonly text: string };
