import { LIMITS } from '../../domain/limits.js'
import type { ImportTemplatesRequest } from '../../generated/portcullis/v1/ImportTemplatesRequest.js'
import type { ImportTemplatesResult__Output } from '../../generated/portcullis/v1/ImportTemplatesResult.js'
import type { TemplateImport } from '../../generated/portcullis/v1/TemplateImport.js'
import type { PortcullisClient } from '../client.js'
import { CliError, toCliError } from '../failure.js'
import { ItemStream } from '../item-stream.js'
import { statusToError } from '../status-details.js'
import { parseLine } from './parse-line.js'
import { readLines } from './read-lines.js'

/** Batches on their way at once: the service stores one while the next is decoded. */
const BATCHES_IN_FLIGHT = 4
/** Failures that are kept to be shown; a file with more has one cause. */
const FAILURES_KEPT_MAX = 50

export interface ImportFailure {
  readonly line: number
  readonly reason: string
  readonly message: string
}

export interface ImportReport {
  readonly importedCount: number
  readonly alreadyThereCount: number
  readonly failedCount: number
  /** The first ones, in the order in which they were learnt. */
  readonly failures: readonly ImportFailure[]
}

export interface ImportInput {
  readonly path: string
  readonly galleryIds: readonly string[]
  /** The space of lines that name none. */
  readonly algorithm: string
  /** Called with the lines that have an outcome, and the bytes of the file that they took. */
  readonly onProgress: (doneCount: number) => void
}

/**
 * Sends the templates of a JSON Lines file, a few batches at a time. A wrong line fails alone.
 * @throws CliError when the file cannot be read, the service goes away, or a whole batch is refused (a gallery that is not there)
 */
export async function importTemplates(client: PortcullisClient, input: ImportInput): Promise<ImportReport> {
  const stream = new ItemStream<ImportTemplatesRequest, ImportTemplatesResult__Output>(client, (deadlineMs) =>
    client.importTemplates(deadlineMs),
  )
  const tally = new Tally(input.onProgress)
  const inFlight = new Set<Promise<void>>()
  let firstError: unknown = null
  try {
    for await (const batch of batchesOf(input, tally)) {
      const sent = sendBatch(stream, input.galleryIds, batch, tally)
        .catch((error: unknown) => void (firstError ??= error))
        .finally(() => inFlight.delete(sent))
      inFlight.add(sent)
      if (inFlight.size >= BATCHES_IN_FLIGHT) await Promise.race(inFlight)
      if (firstError !== null) break
    }
    await Promise.all(inFlight)
  } finally {
    stream.close()
  }
  if (firstError !== null) throw toCliError(firstError)
  return tally.report()
}

interface Numbered {
  readonly line: number
  readonly template: TemplateImport
}

async function* batchesOf({ path, algorithm }: ImportInput, tally: Tally): AsyncGenerator<readonly Numbered[]> {
  let batch: Numbered[] = []
  for await (const { number, text } of readLines(path)) {
    try {
      batch.push({ line: number, template: parseLine(text, algorithm) })
    } catch (error) {
      tally.fail({
        line: number,
        reason: 'INPUT_UNREADABLE',
        message: error instanceof Error ? error.message : 'wrong',
      })
    }
    if (batch.length < LIMITS.templatesPerBatchMax) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function sendBatch(
  stream: ItemStream<ImportTemplatesRequest, ImportTemplatesResult__Output>,
  galleryIds: readonly string[],
  batch: readonly Numbered[],
  tally: Tally,
): Promise<void> {
  const templates = batch.map(({ template }) => template)
  const { imported } = await stream.send({ galleryIds: [...galleryIds], templates })
  if (!imported) throw new CliError('UNKNOWN', 'the service sent an outcome that this program does not know')
  tally.add(imported.importedCount, imported.alreadyThereCount)
  for (const { index, error } of imported.failed) {
    const { reason, message, field } = error ? statusToError(error) : new CliError('UNKNOWN', 'no reason was given')
    tally.fail({
      line: batch[index]?.line ?? 0,
      reason,
      message: field === '' ? message : `${field}: ${message}`,
    })
  }
}

class Tally {
  readonly #failures: ImportFailure[] = []
  readonly #onProgress: (doneCount: number) => void
  #importedCount = 0
  #alreadyThereCount = 0
  #failedCount = 0

  constructor(onProgress: (doneCount: number) => void) {
    this.#onProgress = onProgress
  }

  add(importedCount: number, alreadyThereCount: number): void {
    this.#importedCount += importedCount
    this.#alreadyThereCount += alreadyThereCount
    this.#tell()
  }

  fail(failure: ImportFailure): void {
    this.#failedCount += 1
    if (this.#failures.length < FAILURES_KEPT_MAX) this.#failures.push(failure)
    this.#tell()
  }

  report(): ImportReport {
    return {
      importedCount: this.#importedCount,
      alreadyThereCount: this.#alreadyThereCount,
      failedCount: this.#failedCount,
      failures: this.#failures,
    }
  }

  #tell(): void {
    this.#onProgress(this.#importedCount + this.#alreadyThereCount + this.#failedCount)
  }
}
