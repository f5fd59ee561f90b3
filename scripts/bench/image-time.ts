import { openFacePool, readInstallation } from '../../src/compose-service.js'
import { readConfig } from '../../src/config.js'
import { backgroundContext } from '../../src/domain/context.js'
import { median } from './statistics.js'

/** Rounds before the clock counts. */
const WARM_UP = 5

export interface SpaceSetting {
  /** What it is called. */
  readonly row: string
  readonly flags: { readonly space: string; readonly models?: string }
}

/**
 * Milliseconds from an image's bytes to its template, one image after the other: the median by row. The spaces take turns at every
 * image, so that whatever else the machine does slows all of them alike.
 */
export async function imageTimes(
  root: string,
  spaces: readonly SpaceSetting[],
  images: readonly Uint8Array[],
): Promise<ReadonlyMap<string, number>> {
  const config = (flags: SpaceSetting['flags']) =>
    readConfig({ flags: { ...flags, workers: '1' }, environment: {}, currentFolder: root, packageRoot: root })
  const pools = await Promise.all(
    spaces.map(async ({ row, flags }) => {
      const { models } = await readInstallation(root, config(flags))
      return { row, analyser: await openFacePool(models, config(flags)), timesMs: [] as number[] }
    }),
  )
  try {
    for (const [round, image] of images.entries())
      for (const { analyser, timesMs } of pools) {
        const startMs = performance.now()
        const request = { image, multiFace: 'most-central', minimumQuality: 0, purpose: 'template' } as const
        await analyser.analyse(request, backgroundContext('bench'))
        if (round >= WARM_UP) timesMs.push(performance.now() - startMs)
      }
  } finally {
    await Promise.all(pools.map(({ analyser }) => analyser.close()))
  }
  return new Map(pools.map(({ row, timesMs }) => [row, median(timesMs)]))
}
