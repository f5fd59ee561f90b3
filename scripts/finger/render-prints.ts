// Renders synthetic fingerprints of nobody as PNG files of 500 dpi: <finger>_<impression>.png, like FVC names them.
//   node dist/scripts/finger/render-prints.js FOLDER [--fingers 10] [--impressions 4] [--conditions usual] [--seed prints]
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { CONDITIONS, type ConditionName } from './render/impression.js'
import { impressionOf, makeMaster } from './render/master.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fingers: { type: 'string', default: '10' },
    impressions: { type: 'string', default: '4' },
    conditions: { type: 'string', default: 'usual' },
    seed: { type: 'string', default: 'prints' },
  },
})
const [folder] = positionals
if (folder === undefined || !(values.conditions in CONDITIONS))
  throw new Error(`expected FOLDER and --conditions ${Object.keys(CONDITIONS).join(' | ')}`)
await mkdir(folder, { recursive: true })
for (let finger = 1; finger <= Number(values.fingers); finger++) {
  const master = makeMaster(values.seed, finger)
  for (let number = 1; number <= Number(values.impressions); number++) {
    const { widthPx, heightPx, pixels } = impressionOf(master, number, values.conditions as ConditionName).image
    await sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 1 } })
      .withMetadata({ density: 500 })
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, `${finger}_${number}.png`))
  }
  console.log(`${master.key}: ${master.patternClass}`)
}
