import { decodeBmp } from './adapters/finger-bmp/bmp-decoder.js'
import { greyDecoder } from './adapters/finger-image/grey-decoder.js'
import { PooledFingerExtractor, type FingerPoolOptions } from './adapters/workers/finger-pool.js'
import type { FingerExtractor } from './domain/extractor.js'
import { MINUTIAE_EXTRACTOR, MinutiaeExtractor } from './engines/finger/minutiae-extractor.js'

/** The project's own extractor in the calling thread. */
export function composeMinutiaeExtractor(): FingerExtractor {
  return new MinutiaeExtractor({ png: greyDecoder('png'), tiff: greyDecoder('tiff'), bmp: decodeBmp })
}

/** The same over threads of its own: what the service uses. */
export function openBuiltinExtractor(
  options: Pick<FingerPoolOptions, 'workerCount' | 'queueLengthMax' | 'onWorkerLost'>,
): FingerExtractor {
  const entry = new URL('finger-worker.js', import.meta.url)
  return new PooledFingerExtractor({ ...options, entry, description: MINUTIAE_EXTRACTOR })
}
