import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readInstallation } from '../../src/compose-service.js'
import { readConfig } from '../../src/config.js'
import { BareModels, recordRuns } from './bare-models.js'
import { measureColdStart } from './cold-start.js'
import { measureHealth } from './health-under-load.js'
import { sampleImages } from './images.js'
import { ServiceProcess } from './service-process.js'
import { measureStages } from './stages.js'
import { measureThroughput } from './throughput.js'

/** Everything about faces, as Markdown: stages, throughput against the bare models, health under load, cold start. */
export async function benchFace(root: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'))
  try {
    const config = readConfig({ flags: {}, environment: process.env, currentFolder: folder, packageRoot: root })
    const { models } = await readInstallation(root, config)
    const options = { models, weightsFolder: config.modelsFolder }
    const images = sampleImages(root)
    const parts = [`Template space ${models.algorithm.algorithm}, ${images.length} sample images.`]
    parts.push(await measureStages(options, images))

    const service = await ServiceProcess.start(root, join(folder, 'service'))
    const client = await service.client()
    const gallery = { galleryId: 'bench', owner: 'bench', purpose: 'bench', policy: { minimumQuality: 0 } }
    await client.createGallery({ gallery })
    const bare = await BareModels.open(
      options.weightsFolder,
      await recordRuns(options, images.slice(0, 16)),
      availableParallelism(),
    )
    parts.push((await measureThroughput(client, bare, images)).table)
    bare.close()
    parts.push(await measureHealth(service.address, root))
    client.close()
    await service.stop()

    parts.push(await measureColdStart(root, join(folder, 'cold'), models.algorithm))
    return parts.join('\n\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
