import { methods } from '../../modelslab/methods.ts';
import type { CropRecipe, Framing } from '../../photos/photo.ts';
import { isIn, type Adjustment, type Job, type Order } from './job.ts';

/** How the crop of one photo is cut. */
export interface CropPlan {
  readonly recipe: CropRecipe;
  readonly framing?: Framing;
}

/** The square that an order's method and settings ask for. */
export function recipeOf({ method, crop }: Order): CropRecipe {
  return { size: methods[method].cropSize, strategy: crop };
}

/** Short name of a recipe: `attention-1024`. */
function recipeName({ size, strategy }: CropRecipe): string {
  return `${strategy}-${size}`;
}

export function adjustmentOf({ adjusted = {} }: Pick<Job, 'adjusted'>, position: number): Adjustment {
  return adjusted[position] ?? {};
}

export function cropPlanOf(job: Pick<Job, 'order' | 'adjusted'>, position: number): CropPlan {
  const recipe = recipeOf(job.order);
  const { framing } = adjustmentOf(job, position);
  if (framing === undefined) return { recipe };
  const { strategy, ...rest } = framing;
  return { recipe: { ...recipe, strategy }, framing: rest };
}

/** Tells one crop of a photo from every other: `attention-1024`, or `attention-1024-l2-d1-z3` when it was moved. */
export function cropName(job: Pick<Job, 'order' | 'adjusted'>, position: number): string {
  const { recipe, framing } = cropPlanOf(job, position);
  return `${recipeName(recipe)}${framing ? framingName(framing) : ''}`;
}

/** All crops of an order at once. */
export function cropsName(job: Pick<Job, 'order' | 'adjusted'>): string {
  const framed = Object.keys(job.adjusted ?? {}).filter((position) => cropPlanOf(job, Number(position)).framing);
  return [recipeName(recipeOf(job.order)), ...framed.map((at) => `${at}:${cropName(job, Number(at))}`)].join(' ');
}

/** The photos that their owner does not want to be sent. */
export function excludedOf({ adjusted = {} }: Pick<Job, 'adjusted'>): readonly number[] {
  return Object.entries(adjusted).flatMap(([position, { isExcluded }]) => (isExcluded ? [Number(position)] : []));
}

/** Whether crops that are there already have to be cut anew. */
export function isRecropping(job: Job): boolean {
  return isIn(job, 'draft') && job.cropped !== undefined && job.cropped !== cropsName(job);
}

/** Whether photos of a draft still have to be downloaded or cropped. */
export function isPreparing(job: Job): boolean {
  return isRecropping(job) || (isIn(job, 'draft') && job.pending.length > 0);
}

/** Photos are prepared once there is a thread, where progress can be shown. */
export function canPrepare(job: Job): boolean {
  return isPreparing(job) && job.told.threadId !== undefined;
}

/** In letters that Discord leaves in a file name as they are. */
function framingName({ dx, dy, zoomOut }: Framing): string {
  const parts = [
    [dx < 0 ? 'l' : 'r', dx],
    [dy < 0 ? 'u' : 'd', dy],
    ['z', zoomOut],
  ] as const;
  return parts.map(([letter, steps]) => (steps === 0 ? '' : `-${letter}${Math.abs(steps)}`)).join('');
}
