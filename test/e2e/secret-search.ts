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
  readonly text: string;
}

function indexOf(secrets: readonly Secret[]): ReadonlyMap<string, readonly Form[]> {
  const index = new Map<string, Form[]>();
  for (const secret of secrets) {
    const forms = new Map(Object.entries(formsOf(secret.text)).map(([name, text]) => [text, name]));
    for (const [text, name] of forms) {
      const start = text.slice(0, startLength);
      index.set(start, [...(index.get(start) ?? []), { secret, name, text }]);
    }
  }
  return index;
}

function leaksIn({ name, content }: Place, index: ReadonlyMap<string, readonly Form[]>): string[] {
  // Byte for byte, so that forms are found in what is no text as well.
  const text = typeof content === 'string' ? content : content.toString('latin1');
  const found: string[] = [];
  for (let at = 0; at <= text.length - startLength; at++) {
    const forms = index.get(text.slice(at, at + startLength)) ?? [];
    for (const form of forms) {
      const isAllowed = form.secret.belongsIn?.includes(name) ?? false;
      if (!isAllowed && text.startsWith(form.text, at))
        found.push(`…${form.secret.text.slice(-4)} ${form.name} in ${name}`);
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
