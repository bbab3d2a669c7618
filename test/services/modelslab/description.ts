import { z } from 'zod';

/*
 * What the provider's public descriptions say of the calls that we make: "ModelsLab Training API" 3.0.0, "ModelsLab
 * General API" 6.0.0 and "ModelsLab Dreambooth Image Generation API" 6.0.0, the OpenAPI documents behind its
 * documentation (docs.modelslab.com), read in August 2026. Written down as they are, also where the servers do
 * otherwise: the exceptions are made in `asDescribed`.
 */

const key = z.string();
const keyed = z.looseObject({ key });
const link = z.url();

/** Refusals of the training calls. */
const refusal = z.looseObject({
  status: z.string().optional(),
  messege: z.string().optional(),
  code: z.int().optional(),
});
/** Refusals of all other calls. */
const newerRefusal = z.looseObject({ status: z.literal('error'), message: z.string() });

const text = { status: z.string().optional(), messege: z.string().optional() };
const done = z.looseObject({ ...text, status: z.enum(['success', 'error']).optional(), data: z.string().optional() });

const stage = z.enum([
  'deploying_gpu',
  'training_started',
  'training_success',
  'trained_model_compressing',
  'trained_model_uploading',
  'trained_model_uploaded',
  'deploying_model',
  'model_ready',
]);

const training = keyed.extend({
  instance_prompt: z.string(),
  class_prompt: z.string(),
  images: z.array(link).min(1),
  training_type: z.enum(['men', 'women', 'couple', 'null']),
  max_train_steps: z.string(),
  wandb_key: z.string().optional(),
  base_model_type: z.enum(['normal', 'sdxl']).optional(),
  negative_prompt: z.string().optional(),
  lora_type: z.enum(['lora', 'lycoris']).optional(),
  seed: z.string().optional(),
  webhook: link.nullish(),
});

/** As far as our calls have fields of it. */
const drawing = keyed.extend({
  model_id: z.string(),
  prompt: z.string(),
  negative_prompt: z.string().optional(),
  width: z.int().max(1024).optional(),
  height: z.int().max(1024).optional(),
  samples: z.int().max(4).optional(),
  num_inference_steps: z.int().min(1).max(20).optional(),
  safety_checker: z.boolean().optional(),
  safety_checker_type: z.enum(['blur', 'sensitive_content_text', 'pixelate', 'black']).optional(),
  enhance_prompt: z.boolean().optional(),
  multi_lingual: z.boolean().optional(),
  upscale: z.boolean().optional(),
  highres_fix: z.boolean().optional(),
  seed: z.int().nullish(),
  guidance_scale: z.number().min(1).max(20).optional(),
  lora_strength: z.int().optional(),
  lora_model: z.string().optional(),
  base64: z.boolean().optional(),
  temp: z.boolean().optional(),
  webhook: link.optional(),
  track_id: z.string().optional(),
});

const made = z.looseObject({
  status: z.literal('success').optional(),
  generationTime: z.number().optional(),
  id: z.int().optional(),
  output: z.array(link).optional(),
  proxy_links: z.array(link).optional(),
  meta: z.looseObject({}).optional(),
  nsfw_content_detected: z.boolean().optional(),
  webhook_status: z.string().optional(),
  tip: z.string().optional(),
});

const inTheMaking = z.looseObject({
  status: z.literal('processing').optional(),
  eta: z.number().optional(),
  message: z.string().optional(),
  fetch_result: link.optional(),
  id: z.int().optional(),
  output: z.array(z.string()).optional(),
  meta: z.looseObject({}).optional(),
  future_links: z.array(link).optional(),
  webhook_status: z.string().optional(),
  tip: z.string().optional(),
  tip_1: z.string().optional(),
});

const pictures = z.union([made, inTheMaking, newerRefusal]);
const refusalsOfPictures = { 400: newerRefusal, 401: newerRefusal, 500: newerRefusal };

interface Operation {
  /** The path as the description has it. */
  readonly name: string;
  readonly path: RegExp;
  readonly request: z.ZodType;
  readonly replies: Readonly<Record<number, z.ZodType>>;
}

const operations: readonly Operation[] = [
  {
    name: '/lora_fine_tune',
    path: /^\/api\/v3\/lora_fine_tune$/,
    request: training,
    replies: {
      200: z.looseObject({
        status: z.string().optional(),
        messege: stage.optional(),
        data: z.string().optional(),
        training_id: z.string().optional(),
      }),
      400: refusal,
      401: refusal,
    },
  },
  {
    name: '/fine_tune_status/{training_id}',
    path: /^\/api\/v3\/fine_tune_status\/[^/]+$/,
    request: keyed,
    replies: { 200: z.looseObject({ ...text, data: z.string().optional() }), 404: refusal },
  },
  {
    name: '/cancel_training/{training_id}',
    // The description has one spelling, the servers know the other.
    path: /^\/api\/v3\/(cancel|cancle)_training\/[^/]+$/,
    request: keyed,
    replies: { 200: done, 404: refusal },
  },
  {
    name: '/delete/{training_id}',
    path: /^\/api\/v3\/finetune\/delete\/[^/]+$/,
    request: keyed,
    replies: { 200: done, 404: refusal },
  },
  {
    name: '/finetune_list',
    path: /^\/api\/v3\/finetune_list$/,
    request: keyed,
    replies: { 200: z.looseObject({ ...text, data: z.array(z.string()).optional() }), 401: refusal },
  },
  {
    name: '/base64_crop',
    path: /^\/api\/v3\/base64_crop$/,
    request: keyed.extend({ image: z.string(), crop: z.enum(['true', 'false']) }),
    replies: {
      200: z.looseObject({
        status: z.literal('success').optional(),
        messege: z.string().optional(),
        link: link.optional(),
        request_id: z.int().optional(),
      }),
      // Two of the documents describe it, with one of the spellings each.
      400: z.union([refusal, newerRefusal]),
    },
  },
  {
    name: '/wallet_balance',
    path: /^\/api\/wallet_balance$/,
    request: keyed,
    replies: {
      200: z.looseObject({
        status: z.literal('success').optional(),
        data: z.looseObject({ balance: z.number().optional(), currency: z.string().optional() }).optional(),
      }),
      400: newerRefusal,
    },
  },
  {
    name: '/text2img',
    path: /^\/api\/v6\/images\/text2img$/,
    request: drawing,
    replies: { 200: pictures, ...refusalsOfPictures },
  },
  {
    name: '/fetch',
    // The description has no number in the path, the servers do.
    path: /^\/api\/v6\/images\/fetch(\/[^/]+)?$/,
    request: keyed.extend({ request_id: z.string() }),
    replies: { 200: pictures, ...refusalsOfPictures, 404: newerRefusal },
  },
  {
    name: '/model_reload',
    // Described under v6, and under v4 in the older pages that the servers follow.
    path: /^\/api\/(v6\/images|v4\/dreambooth)\/model_reload$/,
    request: keyed.extend({ model_id: z.string() }),
    replies: {
      200: z.looseObject({
        status: z.enum(['success', 'error', 'processing']).optional(),
        message: z.string().optional(),
      }),
      ...refusalsOfPictures,
    },
  },
];

export interface Traffic {
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly reply: unknown;
}

export interface Complaint {
  /** `/finetune_list reply`. */
  readonly where: string;
  readonly what: string;
}

/** What in these calls contradicts the provider's description; calls that it does not describe are let pass. */
export function complaints(traffic: readonly Traffic[]): readonly Complaint[] {
  return traffic.flatMap((call) => describing(call).flatMap((operation) => complain(operation, call)));
}

/** The described calls among these, by their paths in the description. */
export function describedAmong(traffic: readonly Traffic[]): ReadonlySet<string> {
  return new Set(traffic.flatMap(describing).map(({ name }) => name));
}

function describing({ path }: Traffic): readonly Operation[] {
  return operations.filter((operation) => operation.path.test(path));
}

function complain({ name, request, replies }: Operation, call: Traffic): readonly Complaint[] {
  const checks = [
    [`${name} request`, request, call.request],
    [`${name} reply`, replies[call.status] ?? z.unknown(), call.reply],
  ] as const;
  return checks.flatMap(([where, schema, body]) => {
    const { error } = schema.safeParse(asDescribed(body));
    return error ? [{ where, what: z.prettifyError(error) }] : [];
  });
}

/**
 * The three known contradictions, put right: `women` for what the servers call `female`, null for a random seed, and
 * errors about fields, which are objects.
 */
function asDescribed(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const entries = Object.entries(body).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'training_type' && value === 'female') return [[name, 'women']];
    if (name === 'seed' && value === null) return [];
    const isAboutFields = /^mess[ae]ge$/.test(name) && typeof value === 'object' && value !== null;
    return [[name, isAboutFields ? JSON.stringify(value) : value]];
  });
  return Object.fromEntries(entries) as unknown;
}
