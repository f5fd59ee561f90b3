import { ANGLE_STEP_RAD } from './angles.js'
import type { Findings } from './findings.js'
import type { CodedView } from './minutiae.js'

/** 358° in units of 2°. */
const CODE_MAX = 179

/**
 * The unit of a record's angles. ANSI INCITS 378 counts in 2°; encoders that share code with ISO/IEC 19794-2 write its
 * 256ths of a turn instead (the ANSI 378-2004 sample of FingerprintIO for Java, angle for angle its ISO sample). A code
 * over 179 gives such a record away as a whole.
 */
export function ansiStepRad(views: readonly CodedView[], findings: Findings): number {
  for (const [i, view] of views.entries()) {
    const index = view.minutiae.findIndex(({ angleCode }) => angleCode > CODE_MAX)
    if (index < 0) continue
    const field = `view ${i + 1} minutia ${index + 1} angle`
    const remedy = 'all angles are read in units of 360°/256, as ISO/IEC 19794-2 has them'
    findings.quirk(field, view.minutiae[index]!.angleOffset, 'at most 179', 'more', remedy)
    return ANGLE_STEP_RAD.iso
  }
  return ANGLE_STEP_RAD.ansi
}
