import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { svgToPng } from './adapters/image/svg-to-png.js'
import { FingerShardThread } from './adapters/shards/finger-shard-thread.js'
import type { TemplateTools } from './cli/dependencies.js'
import { createExtractor, templateParser } from './compose-extractor.js'
import type { Config } from './config.js'
import type { FingerExtractor } from './domain/extractor.js'
import type { FingerAlgorithm, FingerAnalyser } from './domain/finger-analysis.js'
import { findCalibration, type FoundCalibration } from './read-calibration.js'
import { fingerCodec } from './engines/finger/codec.js'
import type { FingerFeatures } from './engines/finger/features.js'
import { RecordFingerAnalyser } from './engines/finger/finger-analyser.js'
import { ShardedFingerIndex } from './engines/finger/finger-index.js'
import type { FingerModel } from './engines/finger/model.js'
import { parseFingerModel } from './engines/finger/model-file.js'
import { FingerFormatService } from './services/finger-formats.js'
import type { FingerIndexFactory } from './services/finger-references.js'

/** Fingerprint formats as the command line has them: in this process, without a service. */
export function templateTools(): TemplateTools {
  return { formats: new FingerFormatService(fingerCodec), toPng: svgToPng }
}

/** The trained constants of the matcher; models/finger/README.md is their card. */
const MODEL_FILE = join('models', 'finger', 'minutiae-v1.json')

/** What fingerprints are compared by. */
export interface FingerMatcher {
  readonly model: FingerModel
  readonly algorithm: FingerAlgorithm
}

/** @throws DomainError PARSE_ERROR when the file is damaged */
export async function readFingerMatcher(packageRoot: string): Promise<FingerMatcher> {
  const bytes = await readFile(join(packageRoot, MODEL_FILE))
  const model = parseFingerModel(bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    model,
    algorithm: {
      algorithm: `${model.descriptorVersion}@${sha256.slice(0, 12)}`,
      measuredOn: 'synthetic minutiae (models/finger/README.md)',
    },
  }
}

/** All that a service does with fingers. */
export interface Fingers {
  readonly analyser: FingerAnalyser
  readonly makeIndex: FingerIndexFactory
  readonly extractor: FingerExtractor
  readonly calibration: FoundCalibration
}

/** The longest call prepares a chunk of the store's references: at 5 ms each and up to 1,000 of them 5 s. */
const SHARD_SILENCE_MS = 20_000

export async function openFingers(packageRoot: string, config: Config): Promise<Fingers> {
  const matcher = await readFingerMatcher(packageRoot)
  const extractor = createExtractor(config, templateParser('lenient'))
  return {
    extractor,
    calibration: await findCalibration(packageRoot, matcher.algorithm.algorithm),
    analyser: new RecordFingerAnalyser(matcher.model, matcher.algorithm, extractor),
    makeIndex: fingerIndexFactory(matcher.model, Math.min(config.workerCount, availableParallelism())),
  }
}

/** Shards in threads of their own. */
export function fingerIndexFactory(model: FingerModel, shardCount: number): FingerIndexFactory {
  const entry = new URL('./finger-shard-worker.js', import.meta.url)
  return (source, onLoadNeeded) =>
    new ShardedFingerIndex<FingerFeatures>({
      source,
      onLoadNeeded,
      shards: Array.from(
        { length: shardCount },
        () => new FingerShardThread<FingerFeatures>({ entry, workerData: model, silenceMsMax: SHARD_SILENCE_MS }),
      ),
    })
}
