import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readFingerRecord } from '../../src/engines/finger/formats/read.js'
import { SAMPLES_FOLDER } from '../support/end-to-end/samples.js'
import { temporaryFolder } from '../support/service-bench.js'
import { PACKAGE_ROOT } from '../support/weights.js'

const run = promisify(execFile)

// Goal: the samples in the repository are what their script makes, and any software can read them.
describe('samples/fingers', () => {
  const filesIn = async (folder: string) =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort()

  it('are made again byte for byte', async () => {
    const out = temporaryFolder()
    await run(process.execPath, [join(PACKAGE_ROOT, 'dist/scripts/samples/render-fingers.js'), '--out', out])
    const made = await filesIn(out)
    expect(made).to.have.length(106) // 16 subjects × 2 fingers × 3, 4 strangers × 2, two lists
    const kept = (await filesIn(join(SAMPLES_FOLDER, 'fingers'))).map((file) => join('fingers', file))
    expect(made).to.deep.equal([...kept, 'finger-probes.csv', 'fingers.csv'].sort())
    for (const file of made)
      expect((await readFile(join(out, file))).equals(await readFile(join(SAMPLES_FOLDER, file))), file).to.equal(true)
  })

  it('are strict records that say which finger they are, of at least 20 minutiae', async () => {
    for (const file of await filesIn(join(SAMPLES_FOLDER, 'fingers'))) {
      const { format, views, warnings } = readFingerRecord(await readFile(join(SAMPLES_FOLDER, 'fingers', file)))
      expect({ format, warnings, viewCount: views.length }, file).to.deep.equal({
        format: 'iso-19794-2-2005',
        warnings: [],
        viewCount: 1,
      })
      expect(file).to.include(views[0]?.position)
      expect(views[0]?.minutiae.length, file).to.be.at.least(20)
    }
  })
})
