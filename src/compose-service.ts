import './no-telemetry.js'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GraphClient } from './adapters/hnsw/graph-client.js'
import { readManifest } from './adapters/manifest/read-manifest.js'
import { modelStatuses } from './adapters/models/status.js'
import { ShardThread } from './adapters/shards/shard-thread.js'
import { SqliteStore } from './adapters/sqlite/sqlite-store.js'
import { PooledFaceAnalyser } from './adapters/workers/face-pool.js'
import { startServer, type RunningServer } from './api/server.js'
import type { FacePipelineOptions } from './compose-face.js'
import { openFingers } from './compose-finger.js'
import { composeMetrics } from './compose-metrics.js'
import type { Config } from './config.js'
import { DomainError } from './domain/errors.js'
import type { FaceAlgorithm, Manifest, ModelStatus } from './domain/models.js'
import type { Logger } from './domain/ports.js'
import { startServices } from './make-services.js'
import { findCalibration, logCalibration } from './read-calibration.js'
import { VerifiedIndex } from './engines/search/verified-index.js'
import { chooseFaceModels, type FaceModels } from './engines/face/models.js'
import type { IndexFactory } from './services/references.js'

/** What is on this machine: the manifest, and which of its weights are whole. */
export interface Installation {
  readonly manifest: Manifest
  readonly statuses: readonly ModelStatus[]
  /** What will run. */
  readonly models: FaceModels
}

/** @throws DomainError MODEL_NOT_INSTALLED, PARSE_ERROR (manifest), INVALID_ARGUMENT (unknown space) */
export async function readInstallation(packageRoot: string, config: Config): Promise<Installation> {
  const manifest = readManifest(join(packageRoot, 'models', 'manifest.json'))
  const statuses = await modelStatuses(manifest, config.modelsFolder)
  const installed = new Set(statuses.filter(({ state }) => state === 'installed').map(({ model }) => model.id))
  return { manifest, statuses, models: chooseFaceModels(manifest, installed, config.spaceId ?? '') }
}

/** The face pipeline over `config.workerCount` threads. */
export async function openFacePool(models: FaceModels, config: Config): Promise<PooledFaceAnalyser> {
  return PooledFaceAnalyser.open({
    entry: new URL('./face-worker.js', import.meta.url),
    workerData: { models, weightsFolder: config.modelsFolder } satisfies FacePipelineOptions,
    algorithm: models.algorithm,
    workerCount: config.workerCount,
    queueLengthMax: config.queueLength,
  })
}

export interface Service {
  readonly server: RunningServer
  /** Where `GET /metrics` is answered; null where it is not. */
  readonly metricsPort: number | null
  readonly algorithm: string
  readonly stop: () => Promise<void>
}

/**
 * Starts the whole service: `models → data file → face workers → index → API`. It answers calls once this resolves.
 * @throws DomainError with what is missing or wrong; whatever was opened before is closed again
 */
export async function openService(packageRoot: string, config: Config, logger: Logger): Promise<Service> {
  const closers: (() => Promise<void>)[] = []
  const metrics = composeMetrics(config, logger)
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const tls = await readTls(config)
    const { manifest, models } = await readInstallation(packageRoot, config)
    await mkdir(config.dataFolder, { recursive: true, mode: 0o700 })
    const store = new SqliteStore(join(config.dataFolder, 'portcullis.sqlite'), Date.now)
    closers.push(() => store.close())
    const pool = await openFacePool(models, config)
    closers.push(() => pool.close())
    const fingers = await openFingers(packageRoot, config)
    closers.push(() => fingers.extractor.close())
    const face = await findCalibration(packageRoot, models.algorithm.algorithm, models.space.calibration)
    const found = [face, fingers.calibration]
    for (const { status } of found) logCalibration(status, logger)
    const makeIndex = indexFactory(models.algorithm, config, logger)
    const services = await startServices({
      store,
      analysers: { face: pool, finger: fingers.analyser },
      makeIndex,
      makeFingerIndex: fingers.makeIndex,
      logger,
      metrics: metrics.events,
      calibrations: { face: face.calibration, finger: fingers.calibration.calibration },
    })
    closers.push(() => services.references.close())
    closers.push(async () => services.retention.stop())
    closers.push(() => services.monitor.close())
    const listModels = async () => ({
      models: await modelStatuses(manifest, config.modelsFolder, inUse(models)),
      algorithm: models.algorithm.algorithm,
      featureCount: models.algorithm.featureCount,
      calibrations: found.map(({ status }) => status),
    })
    const { algorithm, modelIds } = models.algorithm
    const endpoint = await metrics.serve(() => {
      return { index: services.references.status, analysis: pool.load, algorithm, modelIds, nowMs: Date.now() }
    })
    closers.push(async () => endpoint?.close())
    const { host, port } = config
    const address = { host, port }
    const server = await startServer({ services, address, tls, logger, metrics: metrics.events, listModels })
    closers.push(() => server.drain())
    return { server, metricsPort: endpoint?.port ?? null, algorithm, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function inUse(models: FaceModels): ReadonlySet<string> {
  const parts = [models.detector, models.quality, models.headPose, ...models.recognisers]
  return new Set(parts.flatMap((model) => (model === null ? [] : [model.id])))
}

async function readTls({ tls }: Config) {
  if (tls === null) return null
  try {
    return {
      certificate: await readFile(tls.certFile),
      key: await readFile(tls.keyFile),
      ...(tls.clientCaFile === null ? {} : { clientCa: await readFile(tls.clientCaFile) }),
    }
  } catch (cause) {
    throw new DomainError('INVALID_ARGUMENT', 'readable TLS files', 'one that cannot be read', { cause })
  }
}

/** Snapshots of a graph that grew are worth their time about this often. */
const SNAPSHOT_EVERY_MS = 10 * 60_000
/** The longest search of a million references takes 0.1 s; loading a chunk of rows less. */
const SHARD_SILENCE_MS = 5_000

/** Exact shards in threads of their own, and the graph in a process of its own. */
function indexFactory(algorithm: FaceAlgorithm, config: Config, logger: Logger): IndexFactory {
  const { featureCount } = algorithm
  return (source, onLoadNeeded) =>
    new VerifiedIndex({
      featureCount,
      source,
      onLoadNeeded,
      shards: Array.from(
        { length: config.workerCount },
        () => new ShardThread({ entry: new URL('./shard-worker.js', import.meta.url), silenceMsMax: SHARD_SILENCE_MS }),
      ),
      graph: new GraphClient({
        featureCount,
        algorithm: algorithm.algorithm,
        entry: new URL('./graph-process.js', import.meta.url),
        folder: join(config.dataFolder, 'graph', algorithm.algorithm),
        snapshotEveryMs: SNAPSHOT_EVERY_MS,
        logger,
      }),
    })
}
