/*
 * Words
 *   source   an attachment of Discord's, as the interaction named it: nothing is downloaded yet
 *   archive  a source that holds photos: a .zip file, by its name
 *   photo    the bytes that the member attached, as they came
 *   crop     the square cut from a photo, exactly as it will be sent to the provider
 *   verdict  what we think of a photo before anybody pays for it
 */
import type { Owner } from './fair-semaphore.ts';

/** An attachment as Discord described it. Sizes and types are claims: only used to refuse early. */
export interface PhotoSource {
  /** On one of the configured CDN origins; anything else is refused. */
  readonly url: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/** By the name, because room for its photos is kept before a byte of it is there. */
export function isArchive({ name }: Pick<PhotoSource, 'name'>): boolean {
  return /\.zip$/i.test(name);
}

/** A file that did not become a photo of the order, and why: a phrase for people, as in a verdict. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** What is wanted of an archive, and where it goes. */
export interface Picking {
  /** Given the names of all pictures in the archive, which ones are wanted. The same archive has the same order again. */
  readonly choose: (names: readonly string[]) => readonly number[];
  /** As `onPhoto` of `prepare`, with the picture's index in the archive. */
  readonly onPhoto: (index: number, photo: PreparedPhoto) => Promise<void>;
}

export const cropStrategies = ['attention', 'centre', 'entropy'] as const;
export type CropStrategy = (typeof cropStrategies)[number];

export interface CropRecipe {
  /** Side of the square, in pixels. */
  readonly size: number;
  readonly strategy: CropStrategy;
}

/**
 * How the crop of one photo departs from what the order's recipe cuts, because somebody has looked at it. All in steps of a
 * tenth of the square's side; zero is as cut.
 */
export interface Framing {
  /** The square moves to the right, or to the left when negative. */
  readonly dx: number;
  /** The square moves down, or up when negative. */
  readonly dy: number;
  /** 0 to 5: the square grows around its middle. Where it reaches beyond the photo it shows the photo's edge, blurred. */
  readonly zoomOut: number;
}

/** A square on a picture, in its pixels; zoomed out it reaches beyond the picture. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** What a crop was cut from: which framings are possible can be told by it without decoding the photo again. */
export interface Scene {
  /** The whole photo, scaled for the recipe. */
  readonly width: number;
  readonly height: number;
  /** The square that the recipe chose, before any framing. */
  readonly chosen: Window;
}

/** `reason` is a short phrase for people, such as `too small (180 × 240, at least 256 needed)`. */
export type Verdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'warning'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Crop {
  /** The square, 8-bit sRGB PNG without metadata: what is shown and what is sent. */
  readonly png: Buffer;
  /** A small JPEG of the same square, for the contact sheet. */
  readonly thumbnail: Buffer;
}

/** What came of one source. A refused photo has no crop. */
export interface PreparedPhoto {
  readonly name: string;
  readonly verdict: Verdict;
  /** The bytes as downloaded, kept so that another crop can be made; absent when the download failed. */
  readonly original?: Buffer;
  readonly crop?: Crop;
  readonly scene?: Scene;
  /** sha-256 of the original in hex: finds exact duplicates. */
  readonly sha256?: string;
  /** 128-bit difference hash in hex: finds near duplicates. */
  readonly looks?: string;
}

/** One square of the contact sheet. */
export interface Tile {
  readonly number: number;
  readonly verdict: Verdict;
  /** The crop's thumbnail; absent when the photo could not be read. */
  readonly thumbnail?: Buffer;
}

/** Bytes in, crops and verdicts out. Everything that decodes runs outside the gateway's process. */
export interface Darkroom {
  /** The same darkroom for one member: what is done takes its turn among those of others, and counts as theirs. */
  for(owner: Owner): Darkroom;
  /**
   * Downloads and crops, a few at a time. Never rejects for a bad photo: that is a `refused` verdict.
   * Calls `onPhoto` with the source's index as each is finished, so that finished ones can be stored at once.
   * Rejects only when `signal` aborts, or with `PhotoDelay`.
   */
  prepare(
    sources: readonly PhotoSource[],
    recipe: CropRecipe,
    onPhoto: (index: number, photo: PreparedPhoto) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Downloads an archive and makes photos of the pictures in it that are chosen; the archive itself is kept nowhere. Never
   * rejects for a bad archive: that is left out as a whole. Rejects only when `signal` aborts, `onPhoto` does, or with `PhotoDelay`.
   */
  unpack(archive: PhotoSource, recipe: CropRecipe, picking: Picking, signal: AbortSignal): Promise<readonly LeftOut[]>;
  /** Cuts another crop from bytes that were downloaded before. Never rejects for a bad photo; may with `PhotoDelay`. */
  recrop(
    photo: { readonly name: string; readonly original: Buffer; readonly framing?: Framing },
    recipe: CropRecipe,
    signal: AbortSignal,
  ): Promise<PreparedPhoto>;
  /** A picture (JPEG) of all tiles, numbered, each marked by colour and by sign; readable on a phone. */
  contactSheet(tiles: readonly Tile[], signal: AbortSignal): Promise<Buffer>;
  /** False while the decoding process cannot be started. */
  isAble(): boolean;
  /** Ends the decoding process. */
  close(): Promise<void>;
}

/** Pixels of a picture that is decoded: 8-bit sRGB, three channels, row by row, upright. */
export interface Raster {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * Why photos are not looked at for now.
 *   decoder   there is no process that decodes, and none can be started
 *   used-up   those of their owner have taken more time than one member has
 */
export const delayReasons = ['decoder', 'used-up'] as const;
export type DelayReason = (typeof delayReasons)[number];

/** Nothing is wrong with the photos, and nothing was done: after `ms` it may be over. */
export class PhotoDelay extends Error {
  override readonly name = 'PhotoDelay';
  readonly why: DelayReason;
  readonly ms: number;

  constructor(why: DelayReason, ms: number, options?: ErrorOptions) {
    super(`Cannot look at photos for now: ${why}`, options);
    this.why = why;
    this.ms = ms;
  }
}
