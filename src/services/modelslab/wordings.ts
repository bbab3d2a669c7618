import type { Subject } from './training-api.ts';

/** How the provider is told what the photos show. */
interface Wording {
  readonly instancePrompt: (trigger: string) => string;
  readonly classPrompt: string;
  /** `null` is a word here: "anything that is no person". */
  readonly trainingType: 'men' | 'female' | 'couple' | 'null';
}

/** What a newer schema says for a word that the servers are known to take. */
export const newerWords: Readonly<Partial<Record<string, string>>> = { female: 'women' };

export const wordings: Readonly<Record<Subject, Wording>> = {
  man: person('man', 'men'),
  woman: person('woman', 'female'),
  couple: person('couple', 'couple'),
  object: {
    instancePrompt: (trigger) => `photo of ${trigger} object`,
    classPrompt: 'photo of an object',
    trainingType: 'null',
  },
  style: {
    instancePrompt: (trigger) => `picture in ${trigger} style`,
    classPrompt: 'picture in any style',
    trainingType: 'null',
  },
};

function person(noun: string, trainingType: Wording['trainingType']): Wording {
  return {
    instancePrompt: (trigger) => `photo of ${trigger} ${noun}`,
    classPrompt: `photo of a ${noun}`,
    trainingType,
  };
}
