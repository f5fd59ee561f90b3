import { BulkEnroller } from '../../src/cli/bulk-enroller.js'
import type { PortcullisClient } from '../../src/cli/client.js'
import type { BareModels } from './bare-models.js'
import { markdownTable, median } from './statistics.js'

/** Items that the client keeps under way: enough that no worker ever waits for the line. */
const IN_FLIGHT = 8

/**
 * Enrolment over gRPC against the same models called bare, in alternating rounds of one run: what else the machine is
 * doing then hits both alike.
 */
export async function measureThroughput(
  client: PortcullisClient,
  bare: BareModels,
  images: readonly Uint8Array[],
  rounds = 5,
): Promise<{ readonly table: string; readonly ratio: number }> {
  const imageCount = images.length
  await enrolAll(client, images, 'warm')
  const service: number[] = []
  const limit: number[] = []
  for (let round = 0; round < rounds; round++) {
    limit.push(await bare.throughput(imageCount))
    service.push(await enrolAll(client, images, `round-${round}`))
  }
  const ratio = median(service.map((value, i) => value / limit[i]!))
  const table = markdownTable([
    ['two cores busy', 'images/s (median of rounds)'],
    ['models called bare in a loop (the limit)', median(limit).toFixed(1)],
    ['enrolment over gRPC, durable', median(service).toFixed(1)],
    ['ratio (median of rounds; target ≥ 0.80)', ratio.toFixed(3)],
  ])
  return { table, ratio }
}

/** Enrols each image as a subject of its own; images per second. */
async function enrolAll(client: PortcullisClient, images: readonly Uint8Array[], prefix: string): Promise<number> {
  const enroller = new BulkEnroller(client)
  let next = 0
  const work = async () => {
    for (let i = next++; i < images.length; i = next++)
      await enroller.enrol({
        createSubject: {
          subjectId: `${prefix}-${i}-${process.pid}`,
          galleryIds: ['bench'],
          encounter: { samples: [{ data: Buffer.from(images[i]!) }] },
        },
      })
  }
  const startMs = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  const seconds = (performance.now() - startMs) / 1000
  enroller.close()
  return images.length / seconds
}
