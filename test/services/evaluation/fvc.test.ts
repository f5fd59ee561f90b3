import { expect } from 'chai'
import { join } from 'node:path'
import { evaluateFingerFolder } from '../../../src/compose-finger-evaluation.js'
import type { FingerVerificationEvaluation } from '../../../src/services/evaluation/finger-verification.js'
import { describeWithShared } from '../../support/shared-data.js'
import { PACKAGE_ROOT } from '../../support/weights.js'

// Goal: the shipped matcher recognises real fingers, of which its training has seen none. Method: FVC2002 and FVC2004 DB1_B (NIST
// mindtct's minutiae), every two impressions once. The bars are the project's (FINGERPRINT.md, §1: bozorth3 has 4.17 and 10.59 %).
const BARS = [
  { database: 'fvc2002_db1', eerMax: 0.02, fmr100Max: 0.04, fmr1000Max: 0.08 },
  { database: 'fvc2004_db1', eerMax: 0.05, fmr100Max: 0.09, fmr1000Max: 0.15 },
] as const

describeWithShared('FVC, verification', 'fvc-dev', (folder) => {
  const results: Record<string, FingerVerificationEvaluation> = {}

  for (const { database, eerMax, fmr100Max, fmr1000Max } of BARS)
    it(`has an EER of at most ${eerMax * 100} % on ${database}`, async function () {
      this.timeout(60_000)
      const result = await evaluateFingerFolder(PACKAGE_ROOT, join(folder, database), () => undefined)
      results[database] = result
      expect(result).to.include({ matedCount: 280, nonMatedCount: 2880, fingerCount: 10, failuresToRead: 0 })
      expect(result.eer).to.be.at.most(eerMax)
      expect(result.fmr100).to.be.at.most(fmr100Max)
      expect(result.fmr1000).to.be.at.most(fmr1000Max)
    })

  after(() => {
    console.table(
      Object.fromEntries(
        Object.entries(results).map(([database, { eer, fmr100, fmr1000 }]) => [database, { eer, fmr100, fmr1000 }]),
      ),
    )
  })
})
