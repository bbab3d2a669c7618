import type { Failure, Job } from '../../jobs/state/job.ts';
import { couldNotFetch } from '../../jobs/state/transitions.ts';
import type { RefusalReason } from '../../modelslab/training-api-error.ts';
import { itsWords, plain } from './words.ts';

/**
 * Why an order failed and what to do next, in words for the member. An order that somebody had sent again in doubt may
 * have been billed for the attempt before: then nothing is said for certain about the whole bill.
 */
export function failureText(failure: Failure, { inDoubt = false }: Pick<Job, 'inDoubt'> = {}): string {
  const nothing = inDoubt ? 'Nothing more' : 'Nothing';
  const sentBefore = inDoubt ? ' ModelsLab’s billing page shows whether the attempt before was billed.' : '';
  switch (failure.kind) {
    case 'refused':
      return `${refusalText(failure.reason)}${itsWords(failure.said)}\n${nothing} was billed.${sentBefore}${otherWay(failure)}`;
    case 'training-failed':
      return `ModelsLab began the training and could not finish it.${itsWords(failure.said)}\nI cannot see whether ModelsLab charges for it: its billing page shows that.${otherWay(failure) || ' Look at the photos once more, then press Try again.'}`;
    case 'lost':
      return 'ModelsLab says that it does not know this training any more. Somebody may have deleted it there. Press Try again to train it once more, at its full price.';
    case 'no-key':
      return `This server has no ModelsLab API key any more. ${nothing} was sent or billed.${sentBefore} Ask an admin to set one with /config key, then press Try again.`;
    case 'no-hand-over':
      return `The photos could not be brought to ModelsLab: ${plain(failure.why)}. ${nothing} was billed.${sentBefore} Press Try again; if it happens again, take them out with Remove photos.`;
    case 'unreachable':
      return `ModelsLab did not answer for a whole day, so I gave up. ${nothing} was sent or billed.${sentBefore} Press Try again when it is back.`;
    case 'stuck':
      return `Something went wrong in this bot again and again, for a whole day, so I gave up. ${nothing} was sent or billed.${sentBefore} Tell whoever runs this bot to look into its log, then press Try again.`;
    case 'no-answer':
      return 'I sent the order several times, and ModelsLab never said what became of it, so I gave up. It is free: nothing was billed. Press Try again later, or choose another method.';
  }
}

/** Why the provider refused, and who can change it. */
export function refusalText(reason: RefusalReason): string {
  switch (reason) {
    case 'key':
      return 'ModelsLab does not accept this server’s API key. Ask an admin to set a valid one with /config key, then try again.';
    case 'credit':
      return 'The ModelsLab wallet of this server has not enough credit. Ask an admin to add credit at modelslab.com, then try again.';
    case 'plan':
      return 'The ModelsLab plan of this server does not include this. Choose another method, or ask an admin to change the plan at modelslab.com.';
    case 'queue-full':
      return 'ModelsLab takes no more orders of this server at the moment. Wait some minutes, or until one of its trainings has ended, then try again.';
    case 'not-loaded':
      return 'ModelsLab has put this model away, because nobody used it for a while. Wait some minutes while it is loaded, then try again.';
    case 'not-found':
      return 'ModelsLab does not know what was asked for. Check the base model’s name, then try again.';
    case 'fields':
      return 'ModelsLab does not accept these settings. Change what it names, then try again.';
    case 'other':
      return 'ModelsLab refused this. Change the settings or wait a little, then try again.';
  }
}

function otherWay(failure: Failure): string {
  if (!couldNotFetch(failure)) return '';
  return ' It could not fetch the photos from this thread: press Try again, then I hand them over directly.';
}
