import { isIn, type Job } from '../../jobs/state/job.ts';
import {
  isAt,
  newsKeyOf,
  pictureCounts,
  type Outcome,
  type PictureRound,
  type PictureRoundAt,
  type Spent,
} from '../../jobs/state/picture-round.ts';
import { buttons, colors, type Body } from './body.ts';
import { customId } from './custom-id.ts';
import { refusalText } from './failure-text.ts';
import { codeBlock, count, itsWords, title } from './words.ts';

/** How a round of sample pictures ended: told once, in a message of its own. */
export interface PicturesNews {
  readonly key: string;
  readonly body: Body;
  /** To be posted where Discord refuses the pictures' addresses. */
  readonly withoutPictures?: Body;
}

export function picturesNews(job: Job): PicturesNews | undefined {
  const round = job.pictures;
  if (!round || !isAt(round, 'ended')) return undefined;
  const { outcome, spent } = round.progress;
  const key = newsKeyOf(round);
  if (outcome.kind === 'made') {
    const links = outcome.links.slice(0, mostPictures);
    return { key, body: gallery(job, round, links), withoutPictures: listOf(job, round, links) };
  }
  const embed = { description: noPicturesText(outcome, spent), color: colors[colourOf(outcome)] };
  return { key, body: { content: failedContent(job, outcome), embeds: [embed], components: controls(job) } };
}

const mostPictures = Math.max(...pictureCounts);

function gallery(job: Job, round: PictureRoundAt<'ended'>, links: readonly string[]): Body {
  const [first, ...others] = links.map((url) => ({ color: colors.good, image: { url } }));
  return {
    content: madeContent(job, links.length),
    embeds: [{ ...first, description: aboutRound(round) }, ...others],
    components: controls(job),
  };
}

function listOf(job: Job, round: PictureRoundAt<'ended'>, links: readonly string[]): Body {
  const where = 'Discord does not show pictures from there, so open them yourself:';
  const shown = links.filter((link) => link.length <= longestLink).map((link) => `<${new URL(link).href}>`);
  const description = [where, ...shown, aboutRound(round)].join('\n');
  return {
    content: madeContent(job, links.length),
    embeds: [{ description, color: colors.good }],
    components: controls(job),
  };
}

/** Four of them fit an embed, with what stands beside them. */
const longestLink = 800;

function aboutRound({ prompt, progress }: PictureRoundAt<'ended'>): string {
  return `Made with this prompt: ${codeBlock(prompt)}\n${costText(progress.spent)}`;
}

function madeContent({ ownerId, order }: Job, made: number): string {
  return `<@${ownerId}> ${count(made, 'picture')} made with ${title(order.name)}.`;
}

function failedContent({ ownerId, order }: Job, outcome: Outcome): string {
  const what = isClear(outcome) ? 'There are no pictures of' : 'It is not clear what became of the pictures of';
  return `<@${ownerId}> ${what} ${title(order.name)}.`;
}

function isClear({ kind }: Outcome): boolean {
  return kind !== 'unclear' && kind !== 'late';
}

function colourOf(outcome: Outcome): 'bad' | 'warning' {
  return isClear(outcome) ? 'bad' : 'warning';
}

/** A model that was deleted meanwhile draws no more. */
function controls(job: Job): Body['components'] {
  return isIn(job, 'ready') ? [buttons({ label: 'Sample pictures', customId: customId('pictures', job.id) })] : [];
}

/** Why there are no pictures, and what to do. */
function noPicturesText(outcome: Exclude<Outcome, { kind: 'made' }>, spent: Spent): string {
  switch (outcome.kind) {
    case 'no-key':
      return 'This server’s API key is missing, or not the one that the model was trained with. Nothing was sent or billed. Ask an admin to set that key again with /config key, then press Sample pictures.';
    case 'refused':
      return `${refusedText(outcome)}\nNothing was billed.`;
    case 'not-taken':
      return 'ModelsLab did not take the request for half an hour, so I gave up. Nothing was billed. Press Sample pictures again later.';
    case 'unclear':
      return `The request was sent, but no answer came back: the pictures may have been made and billed, and I cannot fetch them. I do not send it again by myself, so that nothing is billed twice. ${costText(spent)} Press Sample pictures if you want to order others.`;
    case 'failed-there':
      return `ModelsLab began and could not make them.${itsWords(outcome.said)}\n${costText(spent)} Press Sample pictures to order others.`;
    case 'late':
      return `ModelsLab took the request and has not delivered for a quarter of an hour, so I do not wait any longer. ${costText(spent)} Press Sample pictures to order others.`;
  }
}

function refusedText({ reason, said: words }: Extract<Outcome, { kind: 'refused' }>): string {
  switch (reason) {
    case 'key':
    case 'credit':
      return `${refusalText(reason)}${itsWords(words)}`;
    case 'plan':
      return `The ModelsLab plan of this server does not include pictures. Ask an admin to change it at modelslab.com.${itsWords(words)}`;
    case 'not-found':
      return `ModelsLab does not know this model any more. Look at modelslab.com whether somebody deleted it there.${itsWords(words)}`;
    case 'not-loaded':
      return `ModelsLab has put this model away and did not load it again in time. Press Sample pictures later.${itsWords(words)}`;
    case 'queue-full':
    case 'fields':
    case 'other':
      return `ModelsLab would not make them.${itsWords(words)}`;
  }
}

/** What the wallet tells: no document names the price of a picture, so nothing else is claimed. */
export function costText(spent: Spent): string {
  if (spent === undefined || spent.amount < 0)
    return 'I could not see what that cost: ModelsLab’s billing page shows it.';
  if (spent.amount === 0) return 'This server’s wallet shows as much as before.';
  return `This server’s wallet shows ${amount(spent)} less than before, with whatever else was billed meanwhile.`;
}

/** A picture may cost a fraction of a cent. */
function amount({ amount: paid, currency }: NonNullable<Spent>): string {
  const digits = paid.toFixed(4).replace(/0{1,2}$/, '');
  return currency === 'USD' ? `$${digits}` : `${digits} ${currency}`;
}

/** What the card says while pictures are on their way; undefined when none are. */
export function picturesUnderWay({ pictures }: Job): string | undefined {
  if (!pictures || isAt(pictures, 'ended')) return undefined;
  return isAt(pictures, 'wanted') ? waitingText(pictures.progress.hold, pictures) : makingText(pictures);
}

function waitingText(hold: 'loading' | 'provider-silent' | 'provider-busy' | undefined, round: PictureRound): string {
  switch (hold) {
    case undefined:
      return makingText(round);
    case 'loading':
      return `The model was idle, so ModelsLab loads it again, which takes some minutes. Then ${many(round)} made.`;
    case 'provider-silent':
      return `ModelsLab does not answer at the moment. Nothing has been billed. I keep trying; then ${many(round)} made.`;
    case 'provider-busy':
      return `ModelsLab takes no more orders of this server at the moment. Nothing has been billed. As soon as it takes them again, ${many(round)} made.`;
  }
}

function makingText(round: PictureRound): string {
  return `Right now ${many(round)} made with it. I post them here.`;
}

function many(round: PictureRound): string {
  return `${count(round.count, 'picture is', 'pictures are')} being`;
}
