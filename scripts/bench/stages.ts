import { composeFacePipeline, type FacePipelineOptions } from '../../src/compose-face.js'
import { STAGES } from '../../src/domain/analysis.js'
import { backgroundContext } from '../../src/domain/context.js'
import { markdownTable, median, quantile } from './statistics.js'

/** Milliseconds in each stage and in total, one image after the other in one thread. */
export async function measureStages(options: FacePipelineOptions, images: readonly Uint8Array[]): Promise<string> {
  const pipeline = await composeFacePipeline(options)
  const request = { multiFace: 'largest', minimumQuality: 0, purpose: 'template' } as const
  const timings = new Map<string, number[]>()
  for (const [round, image] of [...images.slice(0, 8), ...images, ...images].entries()) {
    const startMs = performance.now()
    const { timingsMs } = await pipeline.analyse({ image, ...request }, backgroundContext('bench'))
    if (round < 8) continue // warming up
    const totalMs = performance.now() - startMs
    for (const [stage, ms] of [...Object.entries(timingsMs), ['total', totalMs] as const])
      timings.set(stage, [...(timings.get(stage) ?? []), ms])
  }
  const rows = [...STAGES, 'total'].flatMap((stage) => {
    const ms = timings.get(stage)
    return ms === undefined ? [] : [[stage, median(ms).toFixed(1), quantile(ms, 0.95).toFixed(1)]]
  })
  return markdownTable([['stage', 'median ms', 'p95 ms'], ...rows])
}
