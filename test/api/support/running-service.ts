import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.js'
import type { ModelReport } from '../../../src/api/codec/models.js'
import { startServer, type RunningServer, type ServerSettings } from '../../../src/api/server.js'
import { NO_CALIBRATIONS, type Calibrations } from '../../../src/domain/calibration.js'
import type { IndexFactory, References } from '../../../src/services/references.js'
import { definitions } from '../../../src/api/proto.js'
import { makeServices } from '../../../src/make-services.js'
import { exactIndex } from '../../support/exact-index.js'
import { aFingerAnalyser, localFingerIndex } from '../../support/finger-parts.js'
import { SYNTHETIC_FEATURE_COUNT, SyntheticAnalyser } from '../../support/synthetic-analyser.js'
import { TestClient } from './client.js'
import { CollectingLogger } from './collecting-logger.js'
import { HeldAnalyser } from './held-analyser.js'

/** The whole service below `main`, with a data file and an index of its own, behind a socket on a free port. */
export interface RunningService {
  readonly server: RunningServer
  readonly client: TestClient
  readonly analyser: HeldAnalyser
  readonly logger: CollectingLogger
  readonly references: References
  stop(): Promise<void>
}

/** @param makeIndex of the features of the synthetic space */
export async function startService(
  settings: Partial<ServerSettings> = {},
  makeIndex: IndexFactory = exactIndex(SYNTHETIC_FEATURE_COUNT),
  calibrations: Calibrations = NO_CALIBRATIONS,
): Promise<RunningService> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-api-'))
  const store = new SqliteStore(join(folder, 'portcullis.sqlite'), Date.now)
  const analyser = new HeldAnalyser(new SyntheticAnalyser())
  const logger = new CollectingLogger()
  const { algorithm, featureCount } = analyser.algorithm
  const services = makeServices({
    store,
    analysers: { face: analyser, finger: aFingerAnalyser() },
    makeIndex,
    makeFingerIndex: localFingerIndex(),
    logger,
    calibrations,
    ...(settings.metrics === undefined ? {} : { metrics: settings.metrics }),
  })
  const { references } = services
  await references.load()

  const server = await startServer({
    services,
    address: { host: '127.0.0.1', port: 0 },
    tls: null,
    logger,
    listModels: (): ModelReport => ({ models: [], algorithm, featureCount, calibrations: [] }),
    ...settings,
  })
  const client = new TestClient(server.port)
  const stop = async (): Promise<void> => {
    client.close()
    await server.drain()
    await services.monitor.close()
    await references.close()
    await store.close()
    await rm(folder, { recursive: true })
  }
  return { server, client, analyser, logger, references, stop }
}

/** Makes a gallery, as most tests need one. */
export async function createGallery(client: TestClient, galleryId: string): Promise<void> {
  const gallery = { galleryId, owner: 'Border police', purpose: 'Tests' }
  await client.call(definitions.galleries.CreateGallery, { gallery })
}
