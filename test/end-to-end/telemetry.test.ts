import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Sandbox } from '../support/end-to-end/sandbox.js'
import { describeWithModels } from '../support/weights.js'

// Goal: the service tells nobody that it runs. Method: onnxruntime, unless told not to, begins its telemetry with a device id below the
// home folder (not on CI, where it is silent by itself); the real program runs with a home of its own, as if it were not on CI.
describeWithModels('the telemetry of onnxruntime', (weightsFolder) => {
  it('is off: nothing appears in the home folder', async () => {
    const sandbox = await Sandbox.open(weightsFolder)
    try {
      const service = await sandbox.serve({
        HOME: sandbox.folder,
        CI: '',
        ORT_DISABLE_TELEMETRY: '0', // the tests' own setting is not handed on
      })
      await service.end('SIGTERM')
      expect((await readdir(sandbox.folder)).toSorted()).to.deep.equal(['data'])
      expect(await readdir(join(sandbox.folder, 'data'))).to.include('portcullis.sqlite')
    } finally {
      await sandbox.close()
    }
  })
})
