import { isIn, type Job } from '../../jobs/state/job.ts';
import { isAt, newsKeyOf, pictureCounts, type Outcome, type PictureRoundAt } from '../../jobs/state/picture-round.ts';
import { buttons, colors, type Body } from './body.ts';
import { customId } from './custom-id.ts';
import { costText, noPicturesText } from './pictures-text.ts';
import { codeBlock, count, title } from './words.ts';

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
