import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import type { CalibrateOptions } from './cli/dependencies.js'
import { DomainError, invalid } from './domain/errors.js'
import { filesOfFingers, filesOfPairs, filesOfPeople, type PersonFile } from './services/calibration/samples.js'
import { parsePairs } from './services/evaluation/pairs.js'

/** Where the samples lie. */
export interface CalibrationData {
  readonly folder: string
  readonly files: readonly PersonFile[]
  /** ISO date of the newest input. */
  readonly date: string
  /** The bare name of the pairs' file or of the folder. */
  readonly name: string
}

/**
 * Finds the files of a calibration.
 * @param options with absolute paths
 * @throws DomainError INVALID_ARGUMENT, PARSE_ERROR where there are none, or the list is none
 */
export async function findData(options: CalibrateOptions): Promise<CalibrationData> {
  if ('pairs' in options) {
    const files = filesOfPairs(parsePairs(await readPairs(options.pairs)))
    return { folder: options.images, files, date: await newest([options.pairs]), name: basename(options.pairs) }
  }
  const { folder } = options
  const isFinger = options.modality === 'finger'
  const names = (await namesIn(folder, !isFinger)).map((name) => name.replaceAll('\\', '/'))
  const files = isFinger ? filesOfFingers(names) : filesOfPeople(names)
  return { folder, files, date: await newest(files.map(({ name }) => join(folder, name))), name: basename(folder) }
}

async function namesIn(folder: string, recursive: boolean): Promise<readonly string[]> {
  return readdir(folder, { recursive }).catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'a readable folder', 'none', { field: 'folder', cause })
  })
}

async function readPairs(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'a readable file', 'none', { field: 'pairs', cause })
  })
}

/** A file of the data; names that lead out of the folder are refused. */
export async function readSample(folder: string, name: string): Promise<Uint8Array> {
  const path = resolve(folder, name)
  if (relative(folder, path).startsWith('..'))
    throw invalid('pairs', 'images inside the images folder', 'a path that leads out of it')
  return readFile(path).catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'every file of the list in its folder', 'one that is missing', {
      field: 'images',
      cause,
    })
  })
}

async function newest(paths: readonly string[]): Promise<string> {
  const times = await Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs))
  return new Date(times.reduce((a, b) => Math.max(a, b), 0)).toISOString().slice(0, 10)
}
