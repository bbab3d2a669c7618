/** Somewhere a secret must not be, and what is there. */
export interface Place {
  readonly name: string;
  readonly content: string | Buffer;
}

/** A secret, and the places that it may be in: the bot's requests to Discord carry an interaction's token in their path. */
export interface Secret {
  readonly text: string;
  readonly belongsIn?: readonly string[];
}

/** What is shorter is a word that a test made up, and found everywhere. */
const shortest = 12;
/** Every form of a secret is looked up by its beginning: what is searched is read once, however many secrets there are. */
const startLength = 8;

/** Where each secret was found, in whatever form. Never the secret itself. */
export function findLeaks(secrets: readonly Secret[], places: readonly Place[]): readonly string[] {
  const index = indexOf(secrets.filter(({ text }) => text.length >= shortest));
  return [...new Set(places.flatMap((place) => leaksIn(place, index)))];
}

interface Form {
  readonly secret: Secret;
  readonly name: string;
  readonly bytes: Buffer;
}

interface Index {
  readonly forms: ReadonlyMap<string, readonly Form[]>;
  /** 1 at the hash of what a form begins with: almost every byte of what is searched is passed by this alone. */
  readonly starts: Uint8Array;
}

function indexOf(secrets: readonly Secret[]): Index {
  const forms = new Map<string, Form[]>();
  const starts = new Uint8Array(2 ** hashBits);
  for (const secret of secrets) {
    const names = new Map(Object.entries(formsOf(secret.text)).map(([name, text]) => [text, name]));
    for (const [text, name] of names) {
      const bytes = Buffer.from(text);
      const start = startAt(bytes, 0);
      forms.set(start, [...(forms.get(start) ?? []), { secret, name, bytes }]);
      starts[hashOf(bytes.readInt32BE(0))] = 1;
    }
  }
  return { forms, starts };
}

const hashBits = 20;

/** Of four bytes. */
function hashOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
}

function startAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + startLength);
}

function leaksIn({ name, content }: Place, { forms, starts }: Index): string[] {
  // Byte for byte, so that forms are found in what is no text as well.
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const found: string[] = [];
  let word = 0;
  for (let end = 0; end < bytes.length; end++) {
    word = (word << 8) | bytes[end]!;
    if (starts[hashOf(word)] === 0 || end < 3) continue;
    const at = end - 3;
    for (const form of forms.get(startAt(bytes, at)) ?? []) {
      const isAllowed = form.secret.belongsIn?.includes(name) ?? false;
      const isThere = form.bytes.equals(bytes.subarray(at, at + form.bytes.length));
      if (!isAllowed && isThere) found.push(`…${form.secret.text.slice(-4)} ${form.name} in ${name}`);
    }
  }
  return found;
}

/** Of base64 those characters that the secret alone decides, wherever in a longer text it begins. */
export function formsOf(secret: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((shift) => base64Within(bytes, shift));
  const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const json = JSON.stringify(secret).slice(1, -1);
  return {
    'as it is': secret,
    'as JSON': json,
    'as JSON in JSON': JSON.stringify(json).slice(1, -1),
    'in a URL': encodeURIComponent(secret),
    'in hex': bytes.toString('hex'),
    'in HEX': bytes.toString('hex').toUpperCase(),
    ...Object.fromEntries(base64.map((text, shift) => [`in base64 (${shift})`, text])),
    ...Object.fromEntries(url.map((text, shift) => [`in base64url (${shift})`, text])),
  };
}

function base64Within(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}
