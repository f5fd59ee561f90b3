import { composeMinutiaeExtractor } from '../../src/compose-finger-extractor.js'
import { readFingerMatcher } from '../../src/compose-finger.js'
import type { FingerAnalyser } from '../../src/domain/finger-analysis.js'
import type { FingerFeatures } from '../../src/engines/finger/features.js'
import { RecordFingerAnalyser } from '../../src/engines/finger/finger-analyser.js'
import { ShardedFingerIndex } from '../../src/engines/finger/finger-index.js'
import { LocalFingerShard } from '../../src/engines/finger/local-finger-shard.js'
import type { FingerIndexFactory } from '../../src/services/finger-references.js'
import { PACKAGE_ROOT } from './weights.js'

const matcher = await readFingerMatcher(PACKAGE_ROOT)

/** The product's, with its extractor in this thread. */
export function aFingerAnalyser(): FingerAnalyser {
  return new RecordFingerAnalyser(matcher.model, matcher.algorithm, composeMinutiaeExtractor())
}

/** The product's index without threads: two shards in this one. */
export function localFingerIndex(): FingerIndexFactory {
  const shards = [new LocalFingerShard(matcher.model), new LocalFingerShard(matcher.model)]
  return (source, onLoadNeeded) => new ShardedFingerIndex<FingerFeatures>({ shards, source, onLoadNeeded })
}
