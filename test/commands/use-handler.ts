import { parseCustomId } from '../../src/services/threads/cards/custom-id.ts';
import { aJob } from '../services/jobs/job-builder.ts';
import { fakeInteraction, type Asked, type FakeInteraction, type Kind } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

type HandlerOf = (
  interaction: never,
  services: ReturnType<typeof fakeServices>,
  id: ReturnType<typeof parseCustomId>,
) => Promise<void>;

export interface Used {
  readonly interaction: FakeInteraction;
  readonly calls: readonly string[];
  readonly ways: readonly string[];
}

/** Uses what a press, a choice or a sent form reaches, as its custom id tells it. */
export async function use(
  handler: HandlerOf | undefined,
  customId: string,
  asked: Asked = {},
  services = fakeServices({ jobs: [aJob('draft')] }),
): Promise<Used> {
  const kind: Kind = asked.texts ? 'modal' : asked.chosen ? 'select' : 'button';
  const interaction = fakeInteraction(kind, { customId, ...asked });
  await handler!(interaction as never, services, parseCustomId(customId));
  return { interaction, calls: services.calls, ways: interaction.answers.map(({ way }) => way) };
}
