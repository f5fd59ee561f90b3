import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError, type ErrorCode } from '../../domain/errors.js'
import type { FaceAnalyser } from '../../domain/ports.js'
import type { PersonFile } from './samples.js'

/** What an analyser says of bytes that it cannot use; anything else ends the calibration. */
const UNUSABLE: readonly ErrorCode[] = ['PARSE_ERROR', 'FORMAT_UNSUPPORTED', 'LIMIT_EXCEEDED']

export interface ExtractionInput<Features> {
  readonly files: readonly PersonFile[]
  /** @throws DomainError when the file is missing */
  readonly read: (name: string) => Promise<Uint8Array>
  /** Null, or a DomainError of `UNUSABLE`, where the sample yields no template. */
  readonly extract: (bytes: Uint8Array) => Promise<Features | null>
  /** Samples in work at once. */
  readonly concurrency: number
  readonly onProgress: (doneCount: number, totalCount: number) => void
}

export interface ExtractedSamples<Features> {
  /** In the order of the files. */
  readonly samples: readonly { readonly person: string; readonly features: Features }[]
  readonly failureCount: number
}

/** Makes a template of every file. A sample that yields none is counted; a file that is missing is an error. */
export async function extractSamples<Features>(
  { files, read, extract, concurrency, onProgress }: ExtractionInput<Features>,
  context: CallContext,
): Promise<ExtractedSamples<Features>> {
  const features = new Array<Features | null>(files.length).fill(null)
  let [next, doneCount] = [0, 0]
  const work = async () => {
    while (next < files.length) {
      const at = next++
      checkAlive(context)
      features[at] = await extract(await read(files[at]!.name)).catch(noneIfUnusable)
      onProgress(++doneCount, files.length)
    }
  }
  const workToTheEnd = () =>
    work().catch((error: unknown) => {
      next = files.length // the others stop too
      throw error
    })
  await Promise.all(Array.from({ length: concurrency }, workToTheEnd))
  const samples = files.flatMap(({ person }, i) => {
    const own = features[i] ?? null
    return own === null ? [] : [{ person, features: own }]
  })
  return { samples, failureCount: files.length - samples.length }
}

function noneIfUnusable(error: unknown): null {
  if (error instanceof DomainError && UNUSABLE.includes(error.code)) return null
  throw error
}

/** The features of the face in the middle of an image, whatever its quality: sets of photographs name that person. */
export function faceFeatures(analyser: FaceAnalyser, context: CallContext) {
  return async (image: Uint8Array): Promise<Float32Array | null> => {
    const request = { image, multiFace: 'most-central', minimumQuality: 0, purpose: 'template' } as const
    const analysis = await analyser.analyse(request, context)
    return analysis.outcome === 'extracted' ? (analysis.extracted[0]?.template.features ?? null) : null
  }
}
