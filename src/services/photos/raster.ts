/** Pixels of a picture that is decoded: 8-bit sRGB, three channels, row by row, upright. */
export interface Raster {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}
