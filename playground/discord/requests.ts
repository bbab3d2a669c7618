/** One call to the REST API, as it ended. */
export interface RequestEntry {
  readonly at: number;
  readonly method: string;
  /** The path below `/api/vN`, ids included. */
  readonly path: string;
  /** The same with names for ids, for counting: `/channels/:channel/messages`. */
  readonly route: string;
  readonly status: number;
  /** Discord's own error code, where the answer carried one. */
  readonly code: number | undefined;
  readonly bodyBytes: number;
}
