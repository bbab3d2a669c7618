/** What must never be seen. Knows each secret in the forms in which it could slip into a text. */
export interface Redaction {
  /** Nothing of fewer than 8 characters is hidden: it is a token made up for a test, and hiding it would eat words. */
  add(secret: string): void;
  /** The text with every known secret, and every Discord interaction token in a path, replaced by `[hidden]`. */
  scrub(text: string): string;
}

const hidden = '[hidden]';
/** Every form of a secret is found by its beginning, so that a line costs the same with one secret or ten thousand. */
const startLength = 8;

export function createRedaction(): Redaction {
  const known = new Set<string>();
  const formsByStart = new Map<string, string[]>();

  function addForm(form: string): void {
    const start = form.slice(0, startLength);
    const forms = formsByStart.get(start) ?? [];
    if (forms.includes(form)) return;
    // The longest first: of an escaped and a plain form that begin alike, the whole must go.
    formsByStart.set(
      start,
      [...forms, form].sort((a, b) => b.length - a.length),
    );
  }

  function formAt(text: string, index: number): string | undefined {
    return formsByStart.get(text.slice(index, index + startLength))?.find((form) => text.startsWith(form, index));
  }

  return {
    add: (secret) => {
      if (secret.length < startLength || known.has(secret)) return;
      known.add(secret);
      for (const form of formsOf(secret)) addForm(form);
    },
    scrub: (text) => {
      let clean = '';
      let copied = 0;
      for (let index = 0; index <= text.length - startLength; index += 1) {
        const form = formAt(text, index);
        if (form === undefined) continue;
        clean += text.slice(copied, index) + hidden;
        copied = index + form.length;
        index = copied - 1;
      }
      return hideInteractionTokens(clean + text.slice(copied));
    },
  };
}

/** The token of an interaction allows answers in the bot's name for 15 minutes, and it stands in the path. */
function hideInteractionTokens(text: string): string {
  return text.replaceAll(/\b(webhooks|interactions)\/(\d{5,})\/[\w%.-]{20,}/g, `$1/$2/${hidden}`);
}

function formsOf(secret: string): string[] {
  const escaped = inJson(secret);
  const escapedTwice = inJson(escaped);
  const inUrl = encodeURIComponent(secret);
  return [
    secret,
    escaped,
    escapedTwice,
    inJson(escapedTwice),
    inUrl,
    inUrl.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    // A body goes by as bytes too, and in a body the secret stands as JSON.
    ...byteForms(Buffer.from(secret)),
    ...byteForms(Buffer.from(escaped)),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function byteForms(bytes: Buffer): string[] {
  const inBase64 = [0, 1, 2].map((shift) => base64Within(bytes, shift));
  return [
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
  ];
}

/** Those characters of the base64 of a longer text that depend on the secret alone, if it begins `shift` bytes in. */
function base64Within(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}
