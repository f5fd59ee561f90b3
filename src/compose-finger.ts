import { svgToPng } from './adapters/image/svg-to-png.js'
import type { TemplateTools } from './cli/dependencies.js'
import { fingerCodec } from './engines/finger/codec.js'
import { FingerFormatService } from './services/finger-formats.js'

/** Fingerprint formats as the command line has them: in this process, without a service. */
export function templateTools(): TemplateTools {
  return { formats: new FingerFormatService(fingerCodec), toPng: svgToPng }
}
