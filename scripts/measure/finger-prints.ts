import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFingerMatcher } from '../../src/compose-finger.js'
import { packageRoot } from '../../src/cli/package-root.js'
import { FingerComparer } from '../../src/engines/finger/comparer.js'
import { prepareFinger } from '../../src/engines/finger/features.js'
import { readFingerRecord } from '../../src/engines/finger/formats/read.js'
import { normaliseView } from '../../src/engines/finger/normalise.js'
import { filesOfFingers } from '../../src/services/calibration/samples.js'

/** Impressions of one database, all compared with all. */
export interface FingerScores {
  /** Impressions of each finger, by position in `scores`. */
  readonly fingers: readonly (readonly number[])[]
  /** [probe][reference] */
  readonly scores: readonly Float64Array[]
}

export async function compareFolder(folder: string): Promise<FingerScores> {
  const { model } = await readFingerMatcher(packageRoot())
  const comparer = new FingerComparer(model)
  const files = filesOfFingers(await readdir(folder))
  const prints = await Promise.all(
    files.map(async ({ name }) => {
      const [view] = readFingerRecord(await readFile(join(folder, name)), { mode: 'lenient' }).views
      return prepareFinger(normaliseView(view!), model)
    }),
  )
  const fingers = new Map<string, number[]>()
  files.forEach(({ person }, at) => fingers.set(person, [...(fingers.get(person) ?? []), at]))
  const scores = prints.map((probe) => Float64Array.from(prints, (reference) => comparer.compare(probe, reference)))
  return { fingers: [...fingers.values()], scores }
}
