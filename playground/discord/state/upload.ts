/** A file as somebody hands it over. */
export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
}
