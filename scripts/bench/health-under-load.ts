import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { protoPath } from 'grpc-health-check'
import { markdownTable, median, quantile } from './statistics.js'

const LOAD_MS = 15_000
const PROBE_EVERY_MS = 20

const CHECK = (loadSync(protoPath)['grpc.health.v1.Health'] as grpc.ServiceDefinition).Check!

/** How long a health check takes while four clients (threads of their own) enrol and identify as fast as they can. */
export async function measureHealth(address: string, root: string): Promise<string> {
  const entry = new URL('./load-worker.js', import.meta.url)
  const workers = [0, 1, 2, 3].map(
    (n) =>
      new Worker(entry, { workerData: { address, root, kind: n % 2 === 0 ? 'enrol' : 'identify', n, forMs: LOAD_MS } }),
  )
  const counts = Promise.all(workers.map((worker) => new Promise<number>((resolve) => worker.once('message', resolve))))
  await sleep(1_000) // until all four are at it
  const endMs = performance.now() + LOAD_MS - 2_000
  const times = await probeHealth(address, () => performance.now() >= endMs)
  const done = (await counts).reduce((sum, count) => sum + count, 0)
  return markdownTable([
    ['health check under load', 'ms'],
    ['median', median(times).toFixed(1)],
    ['p99 (target < 20)', quantile(times, 0.99).toFixed(1)],
    ['greatest', Math.max(...times).toFixed(1)],
    [`checks / images of the four clients meanwhile`, `${times.length} / ${done}`],
  ])
}

/** How long each health check took, one after another until `isOver`, milliseconds. */
export async function probeHealth(address: string, isOver: () => boolean): Promise<readonly number[]> {
  const client = new grpc.Client(address, grpc.credentials.createInsecure())
  const times: number[] = []
  while (!isOver()) {
    const startMs = performance.now()
    await new Promise<void>((resolve, reject) => {
      const done: grpc.requestCallback<unknown> = (error) => {
        if (error) reject(error)
        else resolve()
      }
      client.makeUnaryRequest(CHECK.path, CHECK.requestSerialize, CHECK.responseDeserialize, { service: '' }, done)
    })
    times.push(performance.now() - startMs)
    await sleep(PROBE_EVERY_MS)
  }
  client.close()
  return times
}
