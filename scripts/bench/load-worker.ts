// One client at full speed: enrols or identifies sample images until its time is over, then posts how many it did.
import { parentPort, workerData } from 'node:worker_threads'
import { PortcullisClient } from '../../src/cli/client.js'
import { openConnection } from '../../src/cli/connection.js'
import { BulkEnroller } from '../../src/cli/bulk-enroller.js'
import { sampleImages } from './images.js'

interface Load {
  readonly address: string
  readonly root: string
  readonly kind: 'enrol' | 'identify'
  readonly n: number
  readonly forMs: number
}

const { address, root, kind, n, forMs } = workerData as Load
const images = sampleImages(root)
const client = new PortcullisClient(await openConnection({ server: address, timeout: '60' }))
const enroller = new BulkEnroller(client)
const endMs = performance.now() + forMs
let count = 0
while (performance.now() < endMs) {
  const data = Buffer.from(images[count % images.length]!)
  if (kind === 'identify') await client.identify({ probe: { data }, galleryIds: ['bench'] })
  else
    await enroller.enrol({
      createSubject: { subjectId: `load-${n}-${count}`, galleryIds: ['bench'], encounter: { samples: [{ data }] } },
    })
  count++
}
enroller.close()
client.close()
parentPort?.postMessage(count)
