import { createHash } from 'node:crypto'
import type { Manifest, ModelDescription } from '../../../../src/domain/models.js'

/** A manifest entry for a file that holds `content`; `url` and `note` say where upstream has it. */
export function aModel(
  id: string,
  content: string,
  url: string | null = null,
  note = 'made by a test',
): ModelDescription {
  return {
    id,
    role: 'face-recogniser',
    kind: 'embedding',
    file: `${id}.onnx`,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: Buffer.byteLength(content),
    licence: 'Apache-2.0',
    caveats: 'for tests',
    input: {
      name: 'input',
      widthPx: 112,
      heightPx: 112,
      batch: 1,
      colourOrder: 'RGB',
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    outputs: { features: 'output' },
    featureCount: 16,
    alignment: null,
    nativeRange: null,
    upstream: { repository: 'test', commit: '', url, note },
  }
}

export function aManifest(...models: ModelDescription[]): Manifest {
  return { models, spaces: [], defaultSpaces: [] }
}
