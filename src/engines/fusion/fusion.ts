import type { ScoreFusion } from '../../domain/fusion.js'
import { negLog10FmrAt } from './fmr-at-score.js'
import { fuse } from './fuse.js'
import { fusedSearchErrors } from './fused-fpir.js'

/** All that services need of fusion. */
export const fusion: ScoreFusion = { negLog10Fmr: negLog10FmrAt, fuse, searchErrors: fusedSearchErrors }
