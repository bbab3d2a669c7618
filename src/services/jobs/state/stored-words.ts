import { z } from 'zod';

/*
 * The provider's words in stored jobs. Older versions stored some at any length, and whoever reads them looks for patterns in
 * them: they are cut when they are read.
 */

const longestSaid = 500;
const mostLogLines = 200;
const longestUsage = 2_000;

/** What the provider said. */
export const said = z.string().transform((text) => text.slice(0, longestSaid));

/** Of a long log, how it went in the end. */
export const logLines = z
  .array(z.string())
  .transform((lines) => lines.slice(-mostLogLines).map((line) => line.slice(0, longestSaid)))
  .readonly();

/** The request that uses a model; half of one is none. */
export const usage = z.string().transform((text) => (text.length > longestUsage ? undefined : text));
