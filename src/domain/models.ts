import type { FaceLandmarks } from './face.js'

/** Which decoder reads a model's output; each is a function of `engines/face`. */
export type ModelKind = 'yunet' | 'embedding' | 'sigmoid-quality' | 'angles'

/** What a model is for. A role decides which step of the pipeline runs it and how its output is read. */
export type ModelRole = 'face-detector' | 'face-recogniser' | 'face-quality' | 'head-pose'

/** How pixels become the input tensor: value = (byte − mean[c]) / std[c], in `colourOrder`, planes (NCHW). */
export interface InputSpec {
  readonly name: string
  /** Pixels; null where the model takes any size (a detector). */
  readonly widthPx: number | null
  readonly heightPx: number | null
  /** How many images one run takes: a number is fixed by the model, null is any. */
  readonly batch: number | null
  readonly colourOrder: 'RGB' | 'BGR'
  /** One per channel of `colourOrder`, in byte units (0 to 255). */
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/** Where the five landmarks (or two eyes and the mouth's centre) go in the aligned crop, in pixels of the input. */
export type AlignmentTemplate =
  | { readonly kind: 'five-points'; readonly points: FaceLandmarks }
  | {
      readonly kind: 'eyes-and-mouth'
      readonly points: readonly [Point2, Point2, Point2]
    }
  | { readonly kind: 'box'; /** side of the square crop over the longer side of the face box */ readonly scale: number }

interface Point2 {
  readonly x: number
  readonly y: number
}

export interface ModelDescription {
  readonly id: string
  readonly role: ModelRole
  readonly kind: ModelKind
  /** Name of the file in the weights folder and in mirrors. */
  readonly file: string
  /** Where the file lies when the package itself ships it (an absolute path): it is then neither installed nor fetched. */
  readonly shippedFolder?: string
  readonly sha256: string
  readonly bytes: number
  readonly licence: string
  readonly caveats: string
  readonly input: InputSpec
  /** Tensor names by meaning; what each kind needs is checked when the manifest is read. */
  readonly outputs: Readonly<Record<string, string>>
  readonly featureCount: number | null
  readonly alignment: AlignmentTemplate | null
  /** Raw output that maps to quality 0 and to 100 (models of kind "sigmoid-quality"); null otherwise. */
  readonly nativeRange: readonly [number, number] | null
  readonly upstream: UpstreamSource
}

/** Where the file itself can be had, or what it was made from when upstream has no such file. */
export interface UpstreamSource {
  readonly repository: string
  readonly commit: string
  /** https URL of these very bytes; null when the file was converted and only a mirror has it. */
  readonly url: string | null
  readonly note: string
}

/** A measured operating point of a space. */
export interface OperatingPoint {
  readonly fmr: number
  readonly score: number
}

/** A template space: one recogniser or an ensemble, with how its members are put together. */
export interface SpaceDescription {
  readonly id: string
  /** Weights are relative; a member's cosine has the share weight / Σ weights in the score. */
  readonly members: readonly { readonly modelId: string; readonly weight: number }[]
  /** Features of the aligned face and its mirror image are averaged. */
  readonly mirror: boolean
  readonly caveats: string
  readonly measuredOn: string
  readonly operatingPoints: readonly OperatingPoint[]
  /** The FMR whose score is the default threshold; one of `operatingPoints`. */
  readonly defaultFmr: number
  /** Name of the file in models/calibration that says what scores of this space mean; by default "<id>.json". */
  readonly calibration?: string
}

/** models/manifest.json, checked. */
export interface Manifest {
  readonly models: readonly ModelDescription[]
  readonly spaces: readonly SpaceDescription[]
  /** Ids of spaces; the first whose models are all installed is used when the configuration names none. */
  readonly defaultSpaces: readonly string[]
}

export type InstallState = 'installed' | 'missing' | 'damaged'

export interface ModelStatus {
  readonly model: ModelDescription
  readonly state: InstallState
  /** Whether the running service has it in use. */
  readonly inUse: boolean
}

/** What the running face pipeline is made of. */
export interface FaceAlgorithm {
  /** "<space id>@<sha256 prefix>" */
  readonly algorithm: string
  readonly spaceId: string
  readonly featureCount: number
  /** "<model id>@<sha256 prefix>" of every model that takes part. */
  readonly modelIds: readonly string[]
  readonly operatingPoints: readonly OperatingPoint[]
  readonly defaultFmr: number
  readonly measuredOn: string
}
