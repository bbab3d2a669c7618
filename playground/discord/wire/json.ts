/** An object as it goes over the wire, in Discord's spelling. */
export type Json = Readonly<Record<string, unknown>>;
