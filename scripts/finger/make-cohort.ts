// `node dist/scripts/finger/make-cohort.js`: writes src/engines/finger/cohort-minutiae.ts, byte for byte the same each time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/cli/package-root.js'
import { packCohort } from '../../src/engines/finger/cohort.js'
import { randomFrom } from '../samples/random.js'
import { randomFinger } from './finger.js'
import { randomImpression } from './impression.js'

/** Enough for a mean; each one makes every insert longer by a vote. */
const COHORT_SIZE = 48

const impressions = Array.from({ length: COHORT_SIZE }, (_, n) => {
  const random = randomFrom(`portcullis cohort v1/${n}`)
  return randomImpression(randomFinger(random), random).minutiae
})
writeFileSync(
  join(packageRoot(), 'src', 'engines', 'finger', 'cohort-minutiae.ts'),
  '/** Synthetic impressions of nobody, made by scripts/finger/make-cohort.ts; read by cohort.ts. */\n' +
    `export const COHORT_MINUTIAE =\n  '${packCohort(impressions)}'\n`,
)
