import { cleanText, withoutSecrets } from './said.ts';
import type { BaseModel, Pictures, TrainingStatus } from './training-api.ts';
import { usageText } from './usage.ts';
import type { Conclusion } from './verdict.ts';

/*
 * What the provider's answers become before they leave this service: nothing in them is longer, or says more, than may
 * be shown to everybody.
 */

export function cleanStatus(conclusion: Conclusion, secrets: readonly string[]): TrainingStatus {
  const { stage, verdict, log, sampleUrl } = conclusion;
  const usage = usageText(conclusion.usage, secrets);
  return {
    stage: cleanText(stage, secrets),
    verdict,
    log: log.map((line) => cleanText(line, secrets)),
    ...(sampleUrl !== undefined && isClean(sampleUrl, secrets) && { sampleUrl }),
    ...(usage !== undefined && { usage }),
  };
}

export function cleanPictures(pictures: Pictures, secrets: readonly string[]): Pictures {
  switch (pictures.state) {
    case 'made':
      return { ...pictures, links: pictures.links.filter((link) => isClean(link, secrets)) };
    case 'in-the-making':
      return pictures;
    case 'failed':
      return { ...pictures, said: pictures.said && cleanText(pictures.said, secrets) };
  }
}

export function cleanModel({ id, name }: BaseModel, secrets: readonly string[]): BaseModel {
  return { id, name: cleanText(name, secrets) || id };
}

function isClean(link: string, secrets: readonly string[]): boolean {
  return withoutSecrets(link, secrets) === link;
}
