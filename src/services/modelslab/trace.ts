import type { TrainingId } from '../../lib/ids.ts';
import { parseJson } from './envelope.ts';
import { id } from './scalars.ts';

/** What a refusal names although nothing was made, as it says: the two contradict each other. */
export interface Trace {
  /** Absent where it is no id but a link to what was made. */
  readonly id?: TrainingId;
}

const thing = '(?:training|model|lora|request|job|task|generation|prediction|fine_?tune)';
const idName = new RegExp(`^(?:${thing}[_-]?)?(?:id|uuid)s?$`, 'i');
const linkName = /^(?:outputs?|(?:proxy|future)_links|fetch_result)$/i;
/** A list below these has sentences about fields of the request, by their names. */
const textName = /^(?:mess[ea]ge|errors?|details?|tips?)$/i;
/** In what is no JSON: a form, another format, or an answer that was cut. */
const written = new RegExp(`\\b${thing}_?id\\b["']?\\s*[:=>]\\s*["']?[\\w-]{4,}`, 'i');
const emptyWord = /^(?:null|none|undefined|false|true|nan|0|-)$/i;
/** A refusal takes a few words: one in JSON that goes on for longer is something else. */
const longestChars = 20_000;
const deepest = 12;

/** Undefined where an answer names nothing but what was asked for with `sent`. */
export function findTrace(text: string, sent: unknown): Trace | undefined {
  if (!/^\s*[{[]/.test(text)) return written.test(text) ? {} : undefined;
  const body = text.length > longestChars ? undefined : parseJson(text);
  if (body === undefined) return {};
  const asked = new Set<unknown>();
  for (const { name, value } of leavesOf(sent)) if (/(?:id|model)$/.test(name)) asked.add(value);
  for (const leaf of leavesOf(body)) {
    const trace = traceIn(leaf);
    if (trace && !asked.has(trace.id)) return trace;
  }
  return undefined;
}

interface Leaf {
  /** Of the nearest field around it. */
  readonly name: string;
  readonly value: string | number;
}

function traceIn({ name, value }: Leaf): Trace | undefined {
  if (linkName.test(name)) return /^https?:/i.test(String(value)) ? {} : undefined;
  const { data } = idName.test(name) ? id.safeParse(value) : { data: undefined };
  const isEmpty = data === undefined || emptyWord.test(data) || Number(data) < 0;
  return isEmpty ? undefined : { id: data };
}

interface Place {
  readonly name: string;
  readonly isText: boolean;
  readonly depth: number;
}

/** Every text and number in it, whatever it is nested in. */
function* leavesOf(value: unknown, at: Place = { name: '', isText: false, depth: 0 }): Generator<Leaf> {
  const inner = typeof value === 'string' && /^\s*[{[]/.test(value) ? parseJson(value) : value;
  if (typeof inner === 'object' && inner !== null) {
    if (at.depth < deepest)
      for (const [key, part] of Object.entries(inner)) yield* leavesOf(part, below(at, key, inner));
  } else if (typeof value === 'string' || typeof value === 'number') yield { name: at.name, value };
}

function below({ name, isText, depth }: Place, key: string, parent: object): Place {
  const isList = Array.isArray(parent);
  const sentence = isText && isList ? '' : name;
  return { name: isList ? sentence : key, isText: isText || textName.test(key), depth: depth + 1 };
}
