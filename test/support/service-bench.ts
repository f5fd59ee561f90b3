import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.js'
import { NO_CALIBRATIONS, type Calibrations } from '../../src/domain/calibration.js'
import { backgroundContext } from '../../src/domain/context.js'
import { DEFAULT_POLICY, type GalleryPolicy } from '../../src/domain/gallery.js'
import type { Logger } from '../../src/domain/ports.js'
import type { Subject } from '../../src/domain/subject.js'
import { makeServices } from '../../src/make-services.js'
import { exactIndex } from './exact-index.js'
import { aFingerAnalyser, localFingerIndex } from './finger-parts.js'
import type { CreateSubjectCommand, IdentifyCommand } from '../../src/services/commands.js'
import type { EnrolmentService } from '../../src/services/enrolment.js'
import type { GalleryService } from '../../src/services/galleries.js'
import type { IdentificationService } from '../../src/services/identification.js'
import type { IndexFactory, References } from '../../src/services/references.js'
import type { RetentionService } from '../../src/services/retention.js'
import type { TemplateImportService } from '../../src/services/template-import.js'
import { aFace, SyntheticAnalyser } from './synthetic-analyser.js'

export const DAY_MS = 24 * 60 * 60 * 1_000
export const context = backgroundContext('test')
/** A mutation that is not made idempotent. */
export const ONCE = { requestId: '', fingerprint: '' }

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Holds the folders of all tests; a data file may outlive the test that made it, but not the run. */
const parentFolder = mkdtempSync(join(tmpdir(), 'portcullis-'))
process.once('exit', () => rmSync(parentFolder, { recursive: true, force: true }))

export function temporaryFolder(): string {
  return mkdtempSync(join(parentFolder, 'bench-'))
}

/** All services over a real data file, with a clock that a test can set. */
export class ServiceBench {
  readonly clock: { nowMs: number }
  readonly services: ReturnType<typeof makeServices>
  readonly references: References
  readonly galleries: GalleryService
  readonly enrolment: EnrolmentService
  readonly identification: IdentificationService
  readonly retention: RetentionService
  readonly templateImport: TemplateImportService

  private constructor(
    readonly folder: string,
    readonly store: SqliteStore,
    readonly analyser: SyntheticAnalyser,
    clock: { nowMs: number },
    makeIndex: IndexFactory,
    readonly calibrations: Calibrations,
  ) {
    this.clock = clock
    const services = makeServices({
      store,
      analysers: { face: analyser, finger: aFingerAnalyser() },
      makeIndex,
      makeFingerIndex: localFingerIndex(),
      logger: silent,
      now: () => clock.nowMs,
      calibrations,
    })
    this.services = services
    this.references = services.references
    this.galleries = services.galleries
    this.enrolment = services.enrolment
    this.identification = services.identification
    this.templateImport = services.templateImport
    this.retention = services.retention
  }

  static async open(
    folder = temporaryFolder(),
    analyser = new SyntheticAnalyser(),
    makeIndex = exactIndex(analyser.algorithm.featureCount),
    calibrations = NO_CALIBRATIONS,
  ): Promise<ServiceBench> {
    const clock = { nowMs: 1_700_000_000_000 }
    const store = new SqliteStore(join(folder, 'portcullis.db'), () => clock.nowMs)
    const bench = new ServiceBench(folder, store, analyser, clock, makeIndex, calibrations)
    await bench.references.load()
    return bench
  }

  async close(): Promise<void> {
    this.retention.stop()
    await this.services.monitor.close()
    await this.references.close()
    await this.store.close()
  }

  /** Stops everything and starts it again on the same file. */
  async restarted(analyser = this.analyser): Promise<ServiceBench> {
    await this.close()
    return ServiceBench.open(this.folder, analyser, undefined, this.calibrations)
  }

  async addGallery(id: string, policy: Partial<GalleryPolicy> = {}): Promise<void> {
    const fields = { id, owner: 'Border police', purpose: 'Court orders', policy: { ...DEFAULT_POLICY, ...policy } }
    await this.galleries.create(fields, ONCE)
  }

  /** Enrols a subject with one encounter "<id>-e" whose only sample stands at `angleDeg`. */
  async enrol(id: string, angleDeg: number, galleryIds: readonly string[], more: EnrolOptions = {}): Promise<Subject> {
    return this.enrolment.createSubject(aSubject(id, angleDeg, galleryIds, more), context)
  }

  async identify(angleDeg: number, galleryIds: readonly string[], more: Partial<IdentifyCommand> = {}) {
    return this.identification.identify({ ...aSearch(angleDeg, galleryIds), ...more }, context)
  }

  /** Ids of the candidates of a face at `angleDeg`, most similar first. */
  async found(angleDeg: number, galleryIds: readonly string[]): Promise<readonly string[]> {
    const { candidates } = await this.identify(angleDeg, galleryIds)
    return candidates.map(({ subjectId }) => subjectId)
  }
}

type EnrolOptions = Partial<CreateSubjectCommand>

export function aSubject(
  id: string,
  angleDeg: number,
  galleryIds: readonly string[],
  more: EnrolOptions = {},
): CreateSubjectCommand {
  return {
    ...ONCE,
    subjectId: id,
    details: { externalId: `QDi.${id}`, displayName: `Name of ${id}`, attributes: { list: 'test' } },
    galleryIds,
    encounter: anEncounter(id === '' ? '' : `${id}-e`, angleDeg),
    ...more,
  }
}

export function anEncounter(encounterId: string, ...anglesDeg: readonly number[]) {
  return {
    encounterId,
    source: 'passport 2019',
    capturedAtMs: null,
    fingers: [],
    images: anglesDeg.map((angle) => aFace(angle)),
  }
}

export function aSearch(angleDeg: number, galleryIds: readonly string[]): IdentifyCommand {
  const defaults = {
    threshold: { kind: 'default' },
    candidateCountMax: 0,
    multiFace: null,
    retainProbe: false,
    searchMode: 'auto',
  } as const
  return { image: aFace(angleDeg), fingers: [], galleryIds, ...defaults }
}

/** The error that `work` ends with. @throws when it ends without one */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('expected an error, got a result')
}
