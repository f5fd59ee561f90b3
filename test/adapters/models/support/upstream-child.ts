// Installs from upstream in a process of its own, so that NODE_EXTRA_CA_CERTS decides which certificates it trusts.
// Argument: {manifest, weightsFolder, timeouts}. Prints the outcomes without their models' details.
import { installModels } from '../../../../src/adapters/models/install.js'

const { manifest, weightsFolder, timeouts } = JSON.parse(process.argv[2] ?? '{}')
const outcomes = await installModels(manifest, { weightsFolder, mirrorFolder: null, ids: [], timeouts })
console.log(JSON.stringify(outcomes.map(({ model, ...outcome }) => ({ id: model.id, ...outcome }))))
