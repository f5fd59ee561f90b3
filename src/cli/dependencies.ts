import type { FingerImage } from '../domain/extractor.js'
import type { InstallOutcome, InstallProgress, ModelCheck } from '../domain/model-installation.js'
import type { ConformanceReport } from '../services/extractor/conformance.js'
import type { Modality } from '../services/evaluation/people.js'
import type { Report } from '../services/evaluation/report/report.js'
import type { FingerFormatService } from '../services/finger-formats.js'
import type { DoctorReport } from './doctor.js'
import type { Terminal } from './terminal.js'

/**
 * What the command line is given by the composition root (`src/main.ts`). The commands on enrolled data need none of
 * it: they are gRPC clients of a running service, because one service owns the data file.
 */
export interface CliDependencies {
  readonly version: string
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Starts the service; resolves when it answers calls. @throws DomainError */
  serve(options: ServeOptions): Promise<RunningService>
  doctor(options: LocalOptions): Promise<DoctorReport>
  /** @throws DomainError */
  evaluateVerification(options: EvaluateOptions, onProgress: EvaluationProgress): Promise<EvaluationReport>
  /** @throws DomainError */
  evaluateIdentification(options: IdentificationOptions, onProgress: EvaluationProgress): Promise<EvaluationReport>
  /** Fits what the scores of a space mean, and writes its file. @throws DomainError */
  calibrate(options: CalibrateOptions, onProgress: EvaluationProgress): Promise<EvaluationReport>
  readonly models: ModelCommands
  /** Runs the conformance test against an extractor plug-in. @throws DomainError for a setting that names none */
  testExtractor(options: ExtractorTestOptions): Promise<ConformanceReport>
  readonly templates: TemplateTools
}

/** Fingerprint templates without a service. */
export interface TemplateTools {
  readonly formats: FingerFormatService
  /** Draws an SVG document of this program's own. */
  readonly toPng: (svg: string) => Promise<Uint8Array>
}

/** Settings that `readConfig` takes as flags; a missing one is looked for in the environment and the file. */
export interface LocalOptions {
  readonly config?: string
  readonly data?: string
  readonly models?: string
  readonly space?: string
}

export interface ServeOptions extends LocalOptions {
  readonly host?: string
  readonly port?: string
  readonly metricsPort?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsClientCa?: string
  readonly workers?: string
  readonly extractor?: string
  readonly logLevel?: string
}

export interface ExtractorTestOptions extends LocalOptions {
  /** As the setting `extractor`: grpc://host:port or the path of an .mjs file. */
  readonly extractor: string
  /** A real print; null tests with a rendered one. */
  readonly print: FingerImage | null
}

export interface RunningService {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** Where this machine alone can `GET /metrics`; null where nobody can. */
  readonly metricsPort: number | null
  /** The template space in use, "<space id>@<sha256 prefix>". */
  readonly algorithm: string
  /** Answers what is under way, refuses what is new, closes the data file. */
  stop(): Promise<void>
}

export interface ModelCommands {
  verify(options: LocalOptions): Promise<readonly ModelCheck[]>
  install(options: InstallOptions, onProgress: InstallProgress): Promise<readonly InstallOutcome[]>
}

export interface InstallOptions extends LocalOptions {
  /** None means all. */
  readonly ids: readonly string[]
  readonly modelsMirror?: string
  /** Take from the mirror what it has, and where there is none do nothing. */
  readonly neverFetch?: true
}

export type EvaluateOptions = FaceEvaluateOptions | FingerEvaluateOptions

export interface FaceEvaluateOptions extends LocalOptions {
  readonly modality: 'face'
  /** A pairs file, see `portcullis evaluate verification --help`. */
  readonly pairs: string
  /** The folder that its image paths are relative to. */
  readonly images: string
  /** Where templates are kept for the next run; by default a folder in the data folder. */
  readonly cache?: string
  readonly workers?: string
}

export interface FingerEvaluateOptions {
  readonly modality: 'finger'
  /** The folder of the templates, <finger>_<impression>.<ending>. */
  readonly folder: string
}

export type CalibrateOptions = CalibrateCommon & CalibrateData

interface CalibrateCommon extends LocalOptions {
  /** Seed of the bootstrap. */
  readonly seed: number
  /** What the data is, in words; the name of the file or folder when there is none. */
  readonly description?: string
  /** YYYY-MM-DD; the day of the newest input when there is none. */
  readonly date?: string
  /** A false match rate that must be measured. */
  readonly lowestFmr?: number
  /** Powers of ten by which false matches are more frequent where it is used than in this data; none unless told. */
  readonly marginDecades?: number
  /** Where the file goes; beside the models when there is none. */
  readonly out?: string
  readonly workers?: string
}

type CalibrateData =
  | { readonly modality: 'face'; readonly pairs: string; readonly images: string }
  /** Of faces one with a sub-folder for each person, of fingers one of <finger>_<impression>.<ending>. */
  | { readonly modality: 'face' | 'finger'; readonly folder: string }

export type EvaluationProgress = (doneCount: number, totalCount: number) => void

export interface IdentificationOptions extends LocalOptions {
  readonly modality: Modality
  /** Sub-folders are people. */
  readonly folder: string
  readonly seed: number
  /** Share of the people who are enrolled. */
  readonly enrolFraction: number
  /** Made-up strangers who are enrolled too. */
  readonly distractors?: number
  /** CSV with the columns person, group. */
  readonly groups?: string
  readonly cache?: string
  readonly extractor?: string
  readonly workers?: string
}

export type ReportFormat = 'html' | 'md' | 'json'

/** A report for people to read, and as a whole for `--json`. */
export interface EvaluationReport {
  readonly report: Report
  readonly json: unknown
  /** The text of a file. */
  render(format: ReportFormat): Promise<string>
}
