// Installs from upstream in a process of its own, so that NODE_EXTRA_CA_CERTS decides which certificates it trusts.
// Argument: {manifest, weightsFolder, timeouts}. Prints the outcomes without their models' details.
import type { Manifest } from '../../../../src/domain/models.js'
import type { DownloadTimeouts } from '../../../../src/adapters/models/upstream.js'
import { installModels } from '../../../../src/adapters/models/install.js'

interface Argument {
  readonly manifest: Manifest
  readonly weightsFolder: string
  readonly timeouts: DownloadTimeouts
}

const { manifest, weightsFolder, timeouts } = JSON.parse(process.argv[2] ?? '') as Argument
const outcomes = await installModels(manifest, { weightsFolder, mirrorFolder: null, ids: [], timeouts })
console.log(JSON.stringify(outcomes.map(({ model, ...outcome }) => ({ id: model.id, ...outcome }))))
