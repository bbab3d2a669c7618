import { withoutSecrets } from './said.ts';

const maxChars = 1500;
const secretName = /(^|[_-]|api)(key|token|secret|password|authorization)$/i;

/**
 * The request that uses a model, as indented JSON without any key, at most 1500 characters. Undefined when it is none that can
 * be shown: half of it would be no request.
 */
export function usageText(request: unknown, secrets: readonly string[]): string | undefined {
  if (typeof request !== 'object' || request === null || Object.keys(request).length === 0) return undefined;
  if (sizeOf(request) > maxChars) return undefined;
  const text = JSON.stringify(request, (name, value: unknown) => {
    if (secretName.test(name)) return undefined;
    return typeof value === 'string' ? withoutSecrets(visible(value), secrets) : value;
  });
  // What is left of a secret after that stands in the name of a field.
  if (withoutSecrets(visible(text), secrets) !== text) return undefined;
  const lines = JSON.stringify(JSON.parse(text), undefined, 2);
  return lines.length <= maxChars ? lines : undefined;
}

const deepest = 12;

/** At least so many characters it takes, as far as that is of interest: what is far too long, or too deep, is not written out. */
function sizeOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (depth === deepest) return Infinity;
  let size = 2;
  for (const name in value) {
    size += name.length + sizeOf(Reflect.get(value, name), depth + 1);
    if (size > maxChars) break;
  }
  return size;
}

function visible(text: string): string {
  return text.replace(/\p{C}+/gu, '');
}
