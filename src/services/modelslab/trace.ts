import type { TrainingId } from '../../lib/ids.ts';
import { parseJson } from './envelope.ts';
import { withoutSecrets } from './sanitize.ts';
import { findId, saysNothing } from './scalars.ts';

/** What a refusal names although nothing was made, as it says: the two contradict each other. */
export interface Trace {
  /** Absent where it is no id but a link to what was made, or something else that looks like one. */
  readonly id?: TrainingId;
}

/** What the request held: an answer that repeats it names nothing. */
export interface Repeatable {
  readonly sent: unknown;
  readonly secrets: readonly string[];
}

const thing = '(?:train(?:ing|ed)?|model|lora|request|job|task|generation|prediction|fine_?tune)';
const idName = new RegExp(`^_?(?:(?:${thing}[_-]?)+)?(?:id|uuid)s?$`, 'i');
const linkName = /^(?:outputs?|images?|pictures?|\w*links?|fetch_result)$/i;
/** Their values may look like ids, and name nothing that was made. */
const harmlessName =
  /^(?:success|status|\w*code|types?|reason|level|version|locale|currency|fields?|params?|time\w*|date|\w*_at|(?:user|account|customer|client|team|plan|error|trace|log|event|ray)_?id)$/i;
const thingName = new RegExp(`^(?:${thing}|data|result)(?:[_-]?(?:key|number|ref))?$`, 'i');
/** What stands below these are sentences: a list there is about a field of the request, by its name. */
const textName = /^(?:mess[ea]ge|errors?|details?|tips?)$/i;

/** In words, in a form, in another format, or in an answer that was cut. */
const written = new RegExp(`\\b${thing}[_ ]?id\\b[\\\\"']*\\s*(?:[:=>]|is)\\s*[\\\\"']*([\\w-]{4,})`, 'gi');
const plainWord = /^[a-z]+$|^[A-Z][a-z]+$/;
/** As ids are made up: with digits and both kinds of letters, or a UUID. */
const madeUp = /\b(?:(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{8,64}|[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})\b/;
const making = /\b(?:start|beg[au]n|creat|submitt|accept|queued as|exists)/i;
const idLike = /^(?=[\w-]*\d)[\w-]{6,200}$/;
const address = /(?:https?:\/\/|\/api\/)[^\s"'<>\\]{1,2000}/gi;
/** The last step of an address that leads to one thing: an id, or a picture. */
const oneThing = /\/(?:[^/?#]*\d[^/?#]*|[^/?#]+\.(?:png|jpe?g|webp|safetensors))\/?(?:[?#]|$)/i;

/** A refusal takes a few words: one in JSON that goes on for longer is something else. */
const longestChars = 20_000;

/** Undefined where an answer names nothing but what was asked for. */
export function findTrace(text: string, repeatable: Repeatable): Trace | undefined {
  const rest = withoutRepeated(repeatable);
  // The page of a proxy has addresses and numbers of its own.
  if (!/^\s*[{["]/.test(text)) return isWritten(rest(text)) ? {} : undefined;
  const body = text.length > longestChars ? undefined : parseJson(text);
  if (body === undefined) return {};
  const asked = new Set([...leavesOf(repeatable.sent)].map(({ value }) => String(value)));
  const leaves = [...leavesOf(body)].filter(({ value }) => !asked.has(String(value)));
  const traces = leaves.flatMap((leaf) => traceIn(leaf, (words) => isNamed(rest(words))) ?? []);
  // Of two fields of one name JSON keeps the second.
  return traces.find(({ id }) => id !== undefined) ?? traces[0] ?? (isWritten(rest(text)) ? {} : undefined);
}

function withoutRepeated({ sent, secrets }: Repeatable): (text: string) => string {
  const repeated = [...leavesOf(sent)].map(({ value }) => String(value)).filter((value) => value.length >= 4);
  return (text) => repeated.reduce((left, value) => left.replaceAll(value, ' '), withoutSecrets(text, secrets));
}

function isWritten(text: string): boolean {
  return [...text.matchAll(written)].some(([, value = '']) => !plainWord.test(value));
}

/** Whether a text names something that was made. */
function isNamed(text: string): boolean {
  const isAddressed = [...text.matchAll(address)].some(([found]) => oneThing.test(found));
  return isAddressed || isWritten(text) || (madeUp.test(text) && making.test(text));
}

interface Leaf extends Place {
  readonly value: string | number | boolean;
}

function traceIn({ name, isId, isText, value }: Leaf, isTelling: (text: string) => boolean): Trace | undefined {
  const text = String(value).trim();
  if (saysNothing(text)) return undefined;
  const isSentence = isText ? /\s/.test(text) || plainWord.test(text) : /\s\S+\s/.test(text);
  if (isId && !isSentence) {
    const id = findId(value);
    return id === undefined ? {} : { id };
  }
  if (isText || isSentence) return isTelling(text) ? {} : undefined;
  if (linkName.test(name) && /^(?:https?:|\/)/i.test(text)) return {};
  if (harmlessName.test(name)) return undefined;
  if (typeof value === 'number') return thingName.test(name) && value >= 1000 ? {} : undefined;
  return idLike.test(text) || isTelling(text) ? {} : undefined;
}

interface Place {
  /** Of the nearest field around it. */
  readonly name: string;
  /** It stands in a field for an id, or somewhere below. */
  readonly isId: boolean;
  readonly isText: boolean;
}

const top: Place = { name: '', isId: false, isText: false };

/** Every value in it, whatever it is nested in; what is JSON in a text is read as well. */
function* leavesOf(value: unknown, at: Place = top): Generator<Leaf> {
  const inner = typeof value === 'string' && /^\s*[{[]/.test(value) ? (parseJson(value) ?? value) : value;
  if (typeof inner === 'object' && inner !== null)
    for (const [key, part] of Object.entries(inner)) yield* leavesOf(part, below(at, key, inner));
  else if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean')
    yield { ...at, value: inner };
}

function below({ name, isId, isText }: Place, key: string, parent: object): Place {
  if (Array.isArray(parent)) return { name: isText ? '' : name, isId, isText };
  return { name: key, isId: isId || idName.test(key), isText: isText || textName.test(key) };
}
