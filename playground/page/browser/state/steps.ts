import type { State, StepName } from './state.ts';

/** What of the first steps is done. A step that was done once stays done, whatever happens afterwards. */
export function stepsAfter(state: State): State['stepsDone'] {
  const fresh = (Object.keys(isDone) as StepName[]) // The table's keys are exactly the steps.
    .filter((step) => !state.stepsDone.has(step) && isDone[step](state));
  return fresh.length === 0 ? state.stepsDone : new Set([...state.stepsDone, ...fresh]);
}

const isDone: Readonly<Record<StepName, (state: State) => boolean>> = {
  order: ({ view, panel }) => view.threads.length > 0 || hasTrainings(panel),
  start: ({ panel }) => hasTrainings(panel),
  ready: ({ panel }) => (panel?.provider.trainings ?? []).some(({ ending }) => ending === 'ready'),
  trouble: ({ panel }) => (panel?.bot.starts ?? 0) > 1 || Object.values(panel?.trouble ?? {}).some((isOn) => isOn),
  // The playground sets up its first server by itself. The bot names a key by its last four characters.
  key: ({ view, panel }) => {
    const endings = (panel?.provider.accounts ?? []).slice(1).map(({ key }) => `\`${key.slice(-4)}\``);
    return view.messages.some(({ isBot, content }) => isBot && endings.some((end) => content.includes(end)));
  },
};

function hasTrainings(panel: State['panel']): boolean {
  return (panel?.provider.trainings.length ?? 0) > 0;
}
