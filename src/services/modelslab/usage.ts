import { withoutSecrets } from './said.ts';

const maxChars = 1500;
const secretName = /(^|[_-]|api)(key|token|secret|password|authorization)$/i;

/**
 * The request that uses a model, as indented JSON without any key, at most 1500 characters. Undefined when it is none that can
 * be shown: half of it would be no request.
 */
export function usageText(request: unknown, secrets: readonly string[]): string | undefined {
  if (typeof request !== 'object' || request === null || Object.keys(request).length === 0) return undefined;
  const text = JSON.stringify(request, (name, value: unknown) => {
    if (secretName.test(name)) return undefined;
    return typeof value === 'string' ? withoutSecrets(visible(value), secrets) : value;
  });
  // What is left of a secret after that stands in the name of a field.
  if (withoutSecrets(visible(text), secrets) !== text) return undefined;
  const lines = JSON.stringify(JSON.parse(text), undefined, 2);
  return lines.length <= maxChars ? lines : undefined;
}

function visible(text: string): string {
  return text.replace(/\p{C}+/gu, '');
}
