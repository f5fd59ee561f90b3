import { expect } from 'chai'
import { OnnxRunner } from '../../../src/adapters/onnx/onnx-runner.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { compare, dot, type FaceTemplate } from '../../../src/domain/template.js'
import { extractTemplates, type AlignedFace } from '../../../src/engines/face/extract.js'
import type { FaceModels } from '../../../src/engines/face/models.js'
import { mirrored } from '../../../src/engines/face/warp.js'
import { anImage } from '../../support/images.js'
import { describeWithWeights, modelsWith } from '../../support/weights.js'

// Goal: what a template's numbers mean. Method: the real recognisers on crops that are no faces but different patterns:
// what is asserted holds for any crop.
const [RETAIL, MOBILE] = ['retail-0095', 'mobilefacenet-foamliu'] // of free batch, of fixed batch
const SPACES = {
  retail: modelsWith({ [RETAIL]: 1 }, false),
  mobile: modelsWith({ [MOBILE]: 1 }, false),
  both: modelsWith({ [RETAIL]: 0.5, [MOBILE]: 0.5 }, false),
  'three to one': modelsWith({ [RETAIL]: 6, [MOBILE]: 2 }, false),
  'retail, mirrored': modelsWith({ [RETAIL]: 1 }, true),
  'mobile, mirrored': modelsWith({ [MOBILE]: 1 }, true),
  'both, mirrored': modelsWith({ [RETAIL]: 0.5, [MOBILE]: 0.5 }, true),
}
type SpaceName = keyof typeof SPACES

function pattern(seed: number, sidePx: number): RgbImage {
  return anImage(sidePx, sidePx, (x, y) => {
    const wave = (k: number) => Math.round(127 + 120 * Math.sin((x * (seed + k) + y * (2 * seed + 1)) / (9 + seed)))
    return [wave(0), wave(1), wave(3)]
  })
}

function faceOf(models: FaceModels, seed: number): AlignedFace {
  return models.recognisers.map((model) => pattern(seed, model.input.widthPx ?? 0))
}

describeWithWeights('extractTemplates()', (weightsFolder) => {
  let runner: OnnxRunner

  before(async () => {
    runner = await OnnxRunner.open(SPACES.both.recognisers, weightsFolder)
  })

  async function templatesOf(space: SpaceName, ...seeds: readonly number[]): Promise<readonly FaceTemplate[]> {
    const faces = seeds.map((seed) => faceOf(SPACES[space], seed))
    return extractTemplates(faces, SPACES[space], runner)
  }

  /** The score of two different crops in one space. */
  async function scoreIn(space: SpaceName): Promise<number> {
    const [a, b] = await templatesOf(space, 1, 2)
    return compare(a as FaceTemplate, b as FaceTemplate)
  }

  for (const space of ['retail', 'both', 'mobile, mirrored'] as const)
    it(`gives features of norm 1, as many as the space says (${space})`, async () => {
      const { algorithm } = SPACES[space]
      for (const template of await templatesOf(space, 1, 2, 3)) {
        expect(template.algorithm).to.equal(algorithm.algorithm)
        expect(template.features).to.have.length(algorithm.featureCount)
        expect(Math.sqrt(dot(template.features, template.features))).to.be.closeTo(1, 1e-3)
      }
    })

  it('is deterministic: the same crop gives the same features, bit for bit', async () => {
    const [first, again] = [await templatesOf('both', 4), await templatesOf('both', 4)]
    expect(first[0]?.features).to.deep.equal(again[0]?.features)
  })

  it('scores an ensemble as the weighted mean of its members’ cosines', async () => {
    const [retail, mobile] = [await scoreIn('retail'), await scoreIn('mobile')]
    expect(Math.abs(retail - mobile)).to.be.greaterThan(0.01) // else the mean would prove nothing
    expect(await scoreIn('both')).to.be.closeTo((retail + mobile) / 2, 1e-5)
    expect(await scoreIn('three to one')).to.be.closeTo(0.75 * retail + 0.25 * mobile, 1e-5)
  })

  for (const [plain, mirror] of [
    ['retail', 'retail, mirrored'],
    ['mobile', 'mobile, mirrored'],
    ['both', 'both, mirrored'],
  ] as const)
    it(`sees no difference between a crop and its mirror image where the space averages both (${plain})`, async () => {
      const score = async (space: SpaceName) => {
        const face = faceOf(SPACES[space], 5)
        const [a, b] = await extractTemplates([face, face.map(mirrored)], SPACES[space], runner)
        return compare(a as FaceTemplate, b as FaceTemplate)
      }
      expect(await score(mirror)).to.be.closeTo(1, 1e-4)
      expect(await score(plain)).to.be.lessThan(0.9999)
    })

  for (const space of ['retail', 'mobile', 'both, mirrored'] as const)
    it(`gives several faces at once the same templates as one by one (${space})`, async () => {
      const together = await templatesOf(space, 1, 2, 3, 4, 5)
      for (const [i, template] of together.entries()) {
        const [alone] = await templatesOf(space, i + 1)
        expect(compare(template, alone as FaceTemplate)).to.be.closeTo(1, 1e-5)
      }
    })

  it('runs nothing for no faces', async () => {
    expect(await extractTemplates([], SPACES.both, runner)).to.deep.equal([])
  })
})
