import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvaluationReport } from './cli/dependencies.js'
import { readFingerMatcher } from './compose-finger.js'
import { backgroundContext } from './domain/context.js'
import { DomainError } from './domain/errors.js'
import { FingerComparer } from './engines/finger/comparer.js'
import { prepareFinger } from './engines/finger/features.js'
import { readFingerRecord } from './engines/finger/formats/read.js'
import { normaliseView } from './engines/finger/normalise.js'
import {
  evaluateFingerVerification,
  type FingerVerificationEvaluation,
} from './services/evaluation/finger-verification.js'

/** `portcullis evaluate verification --modality finger`: the shipped matcher on a folder of templates. */
export async function evaluateFingers(
  packageRoot: string,
  folder: string,
  onProgress: (doneCount: number, totalCount: number) => void,
): Promise<EvaluationReport> {
  const evaluation = await evaluateFingerFolder(packageRoot, folder, onProgress)
  return report(evaluation)
}

/** @throws DomainError INVALID_ARGUMENT on "folder" when it cannot be read or holds too little */
export async function evaluateFingerFolder(
  packageRoot: string,
  folder: string,
  onProgress: (doneCount: number, totalCount: number) => void,
): Promise<FingerVerificationEvaluation> {
  const { model, algorithm } = await readFingerMatcher(packageRoot)
  const comparer = new FingerComparer(model)
  const input = {
    algorithm: algorithm.algorithm,
    names: await namesIn(folder),
    readFile: (name: string) => readFile(join(folder, name)),
    prepare: (bytes: Uint8Array) =>
      prepareFinger(normaliseView(readFingerRecord(bytes, { mode: 'lenient' }).views[0]!), model),
    compare: comparer.compare.bind(comparer),
    onProgress,
  }
  return evaluateFingerVerification(input, backgroundContext('evaluate'))
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'a readable folder', 'one that cannot be read', {
      field: 'folder',
      cause,
    })
  })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

function report(evaluation: FingerVerificationEvaluation): EvaluationReport {
  const { fingerCount, impressionCount, matedCount, nonMatedCount, failuresToRead } = evaluation
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  return {
    title: `Verification with ${evaluation.algorithm}`,
    rows: [
      ['impressions', `${impressionCount} of ${fingerCount} fingers`],
      ['comparisons', `${matedCount} mated, ${nonMatedCount} non-mated`],
      ['failures to read', `${failuresToRead} templates; their pairs count as non-match`],
      ['EER', percent(evaluation.eer)],
      ['FNMR at FMR 1e-2 (FMR100)', percent(evaluation.fmr100)],
      ['FNMR at FMR 1e-3 (FMR1000)', percent(evaluation.fmr1000)],
      ...evaluation.claims.map(
        ({ score, fmr, tmr }) => [`score ≥ ${score}`, `FMR ${percent(fmr)}, TMR ${percent(tmr)}`] as const,
      ),
    ],
    caveats: [
      'All impressions of a finger stand against all of another: pairs of one pair of fingers are alike, and rates of few fingers vary.',
      'A score claims −log10(FMR); how well that holds for your extractor and sensor, the last rows say.',
    ],
    json: evaluation,
  }
}
