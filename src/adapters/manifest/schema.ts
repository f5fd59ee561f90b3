import { z } from 'zod'

const point = z.strictObject({ x: z.number(), y: z.number() })
const triple = z.tuple([z.number(), z.number(), z.number()])
const id = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'an id of a-z 0-9 . -')

const input = z.strictObject({
  name: z.string().min(1).describe('Name of the input tensor'),
  widthPx: z.int().positive().nullable().describe('null: any width (detectors)'),
  heightPx: z.int().positive().nullable(),
  batch: z.int().positive().nullable().describe('Images in one run: fixed by the model, or null for any'),
  colourOrder: z.enum(['RGB', 'BGR']),
  mean: triple.describe('Subtracted from the bytes 0..255, a value for each channel of colourOrder'),
  std: triple.refine((values) => values.every((value) => value > 0), 'greater than 0').describe('Divides after that'),
})

const alignment = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('five-points'), points: z.tuple([point, point, point, point, point]) }),
  z.strictObject({ kind: z.literal('eyes-and-mouth'), points: z.tuple([point, point, point]) }),
  z.strictObject({ kind: z.literal('box'), scale: z.number().positive() }),
])

const model = z.strictObject({
  id,
  role: z.enum(['face-detector', 'face-recogniser', 'face-quality', 'head-pose']),
  kind: z.enum(['yunet', 'embedding', 'sigmoid-quality', 'angles']),
  file: z.string().regex(/^[A-Za-z0-9_.-]+\.onnx$/, 'a plain file name ending in .onnx'),
  shippedIn: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'the name of a folder beside the manifest')
    .optional()
    .describe('Only for weights that are part of the package: the folder beside the manifest that holds the file'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits'),
  bytes: z
    .int()
    .positive()
    .max(2 ** 31),
  licence: z.string().min(1),
  caveats: z.string().min(1),
  input,
  outputs: z.record(z.string(), z.string()),
  featureCount: z.int().min(16).max(4096).nullable(),
  alignment: alignment.nullable(),
  nativeRange: z.tuple([z.number(), z.number()]).nullable(),
  upstream: z.strictObject({
    repository: z.string().min(1),
    commit: z.string(),
    url: z.url({ protocol: /^https$/ }).nullable(),
    note: z.string(),
  }),
})

const space = z.strictObject({
  id,
  members: z
    .array(z.strictObject({ modelId: id, weight: z.number().positive() }))
    .min(1)
    .max(8),
  mirror: z.boolean(),
  caveats: z.string().min(1),
  measuredOn: z.string().min(1),
  operatingPoints: z.array(z.strictObject({ fmr: z.number().gt(0).lt(1), score: z.number().min(-1).max(1) })).min(1),
  defaultFmr: z.number().gt(0).lt(1),
  calibration: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*\.json$/, 'a plain file name ending in .json')
    .exactOptional()
    .describe('File in models/calibration that says what scores mean; by default <id>.json'),
})

/** The form of models/manifest.json; what its parts mean is said in `domain/models.ts`. */
export const manifestSchema = z.strictObject({
  $schema: z.string().optional(),
  models: z.array(model).min(1).max(64),
  spaces: z.array(space).min(1).max(64),
  defaultSpaces: z.array(id).min(1),
})
