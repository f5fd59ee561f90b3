import { join } from 'node:path'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.js'
import type { FaceAlgorithm } from '../../src/domain/models.js'
import type { NewEncounter } from '../../src/domain/subject.js'
import { mulberry32 } from '../../test/support/random-vectors.js'
import { ServiceProcess } from './service-process.js'
import { markdownTable } from './statistics.js'

const SUBJECTS = 10_000

/** From the start of the process to the first answer, with 10,000 subjects enrolled. */
export async function measureColdStart(root: string, folder: string, algorithm: FaceAlgorithm): Promise<string> {
  await fill(join(folder, 'portcullis.sqlite'), algorithm)
  const service = await ServiceProcess.start(root, folder)
  await service.stop()
  return markdownTable([
    ['cold start', 's'],
    [
      `${SUBJECTS.toLocaleString('en')} subjects, until calls are answered (target < 10)`,
      (service.startMs / 1000).toFixed(1),
    ],
  ])
}

async function fill(path: string, algorithm: FaceAlgorithm): Promise<void> {
  const store = new SqliteStore(path, Date.now)
  const key = { requestId: '', method: 'bench', fingerprint: '' }
  const policy = {
    minimumQuality: 0,
    multiFace: 'largest',
    candidateCountMax: 10,
    retentionDays: null,
    probeRetention: 'never',
  } as const
  await store.createGallery(
    { id: 'bench', owner: 'bench', purpose: 'bench', policy, createdAtMs: 0, updatedAtMs: 0 },
    key,
  )
  const random = mulberry32(1)
  for (let i = 0; i < SUBJECTS; i++) {
    const subject = { id: `s${i}`, externalId: '', displayName: '', attributes: {}, galleryIds: ['bench'] }
    await store.createSubject(subject, encounter(`e${i}`, algorithm, random), 0, key)
  }
  await store.close()
}

function encounter(id: string, { algorithm, featureCount }: FaceAlgorithm, random: () => number): NewEncounter {
  const values = Float32Array.from({ length: featureCount }, () => random() - 0.5)
  const norm = Math.hypot(...values)
  const point = { x: 0, y: 0 }
  const face = {
    box: { ...point, width: 1, height: 1 },
    landmarks: [point, point, point, point, point],
    score: 1,
  } as const
  const sample = {
    kind: 'face-image',
    modality: 'face',
    format: 'jpeg',
    widthPx: 1,
    heightPx: 1,
    face,
    quality: { quality: 100, algorithm: 'bench', components: [] },
    algorithm,
    bytes: new Uint8Array(1),
    template: { algorithm, features: values.map((value) => value / norm) },
  } as const
  return { id, status: 'active', source: '', capturedAtMs: null, createdAtMs: 0, samples: [sample] }
}
