import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import sharp from 'sharp'
import { composeFacePipeline } from '../../../src/compose-face.js'
import type { AnalysisRequest, FaceAnalysis } from '../../../src/domain/analysis.js'
import { backgroundContext } from '../../../src/domain/context.js'
import { QUALITY_MEASURES, type QualityReport } from '../../../src/domain/quality.js'
import { dot } from '../../../src/domain/template.js'
import { modelName } from '../../../src/engines/face/models.js'
import type { FacePipeline } from '../../../src/engines/face/pipeline.js'
import { expectCode } from '../../support/errors.js'
import { describeWithFaces, MODELS_AT_HAND } from '../../support/weights.js'

// Goal: one pass over one image, as services see it. Method: the real pipeline over photographs, changed by sharp.
const TEMPLATE = { multiFace: 'reject-several', minimumQuality: 0, purpose: 'template' } as const
const context = backgroundContext('test')

describeWithFaces('FacePipeline#analyse()', (files, weightsFolder) => {
  const models = MODELS_AT_HAND
  const measures = QUALITY_MEASURES.filter((measure) => {
    if (measure === 'recognisability') return models.quality !== null
    return models.headPose !== null || (measure !== 'yaw' && measure !== 'pitch')
  })
  let pipeline: FacePipeline
  let photo: Buffer
  let other: Buffer

  before(async () => {
    pipeline = await composeFacePipeline({ models, weightsFolder })
    photo = await readFile(files[0] ?? '')
    other = await readFile(files.at(-1) ?? '')
  })

  const analyse = (image: Uint8Array, change: Partial<AnalysisRequest> = {}) =>
    pipeline.analyse({ image, ...TEMPLATE, ...change }, context)

  /** Two photographs beside each other, 300 px high, on a wide grey canvas. */
  async function sideBySide(): Promise<Buffer> {
    const [left, right] = await Promise.all([photo, other].map((image) => sharp(image).resize(300, 300).toBuffer()))
    return sharp({ create: { width: 800, height: 300, channels: 3, background: '#808080' } })
      .composite([
        { input: left, left: 0, top: 0 },
        { input: right, left: 500, top: 0 },
      ])
      .png()
      .toBuffer()
  }

  it('extracts a template with its face, quality and times', async () => {
    const analysis = extracted(await analyse(photo))
    expect(analysis.extracted).to.have.length(1)
    const [face] = analysis.extracted
    expect(face?.template.algorithm).to.equal(pipeline.algorithm.algorithm)
    expect(face?.template.features).to.have.length(pipeline.algorithm.featureCount)
    expect(face?.quality).to.equal(analysis.faces[face?.faceIndex ?? NaN]?.quality)
    expect(Object.keys(analysis.timingsMs)).to.deep.equal(['decode', 'detect', 'align', 'assess', 'extract'])
    for (const timeMs of Object.values(analysis.timingsMs)) expect(timeMs).to.be.within(0, 10_000)
  })

  it('reports every measure in the order of reports, each with a sentence and its raw value', async () => {
    const { quality } = extracted(await analyse(photo)).extracted[0] ?? {}
    expect(quality?.algorithm).to.equal(models.quality === null ? 'measured' : modelName(models.quality))
    expect(quality?.components.map(({ measure }) => measure)).to.deep.equal(measures)
    for (const component of quality?.components ?? []) {
      expect(component.sentence).to.match(/^The .*\. \(-?[\d.]+ [a-z ]+\)$|^No other person .*$/)
      expect(component.quality).to.be.within(0, 100)
      expect(component.quality % 1).to.equal(0)
      expect(component.nativeQuality).to.satisfy(Number.isFinite)
    }
    const decisive = ['recognisability', 'face-size', 'inter-eye-distance', 'cut-off'] as const
    expect(quality?.quality).to.equal(leastOf(quality, ...decisive.filter((measure) => measures.includes(measure))))
  })

  it('refuses an image without a face', async () => {
    const grey = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#999' } })
      .png()
      .toBuffer()
    const analysis = await analyse(grey)
    expect(analysis).to.have.nested.property('refusal.code', 'NO_FACE')
    expect(analysis.faces).to.deep.equal([])
  })

  it('refuses two people, reports both, and takes them where the policy is another', async () => {
    const image = await sideBySide()
    const refused = await analyse(image)
    expect(refused).to.have.nested.property('refusal.code', 'MULTIPLE_FACES')
    expect(refused.faces).to.have.length(2)
    expect(refused.timingsMs).to.not.have.property('extract')

    const all = extracted(await analyse(image, { multiFace: 'all' }))
    expect(all.extracted.map(({ faceIndex }) => faceIndex)).to.deep.equal([0, 1])
    const largest = extracted(await analyse(image, { multiFace: 'largest' }))
    expect(largest.extracted.map(({ faceIndex }) => faceIndex)).to.deep.equal([0])
    expect(largest.faces[1]?.quality).to.equal(null)
    expect(dot(features(all, 0), features(largest, 0))).to.be.closeTo(1, 1e-5)
  })

  it('refuses a quality below the gallery’s, with the worst reason first and the figures last', async () => {
    const tiny = await sharp(photo).resize(60, 60).blur(2).toBuffer()
    const [face] = extracted(await analyse(tiny)).extracted
    const figure = face?.quality.quality ?? NaN
    expect(extracted(await analyse(tiny, { minimumQuality: figure })).extracted).to.have.length(1)
    const refused = await analyse(tiny, { minimumQuality: figure + 1 })
    if (refused.outcome !== 'refused') throw new Error('the tiny face was not refused')
    expect(refused.refusal.code).to.equal('QUALITY_TOO_LOW')
    const last = `The quality is ${figure} of 100, and the gallery asks for ${figure + 1}.`
    expect(refused.refusal.reasons.at(-1)).to.equal(last)
    expect(refused.refusal.reasons.length).to.be.greaterThan(1)
    expect(refused.timingsMs).to.not.have.property('extract')
  })

  it('assesses every face for the purpose "quality", refuses nothing and makes no template', async () => {
    const analysis = await analyse(await sideBySide(), { purpose: 'quality', minimumQuality: 100 })
    expect(analysis.outcome).to.equal('assessed')
    expect(analysis).to.not.have.property('extracted')
    expect(analysis.faces).to.have.length(2)
    for (const { quality } of analysis.faces) expect(quality?.components).to.have.length(measures.length)
  })

  it('finds a blurred, darkened or reduced face worse than the photograph, in the measure that says why', async () => {
    const qualityOf = async (image: Uint8Array) => {
      const report = (await analyse(image, { purpose: 'quality' })).faces[0]?.quality
      if (!report) throw new Error('no face was found')
      return report
    }
    const plain = await qualityOf(photo)
    const worse = {
      sharpness: await qualityOf(await sharp(photo).blur(4).toBuffer()),
      exposure: await qualityOf(await sharp(photo).linear(0.15, 0).toBuffer()),
      contrast: await qualityOf(await sharp(photo).linear(0.15, 108).toBuffer()),
      'face-size': await qualityOf(await sharp(photo).resize(125).toBuffer()),
      roll: await qualityOf(await sharp(photo).rotate(35, { background: '#808080' }).toBuffer()),
    }
    for (const [measure, report] of Object.entries(worse))
      expect(leastOf(report, measure), measure).to.be.lessThan(leastOf(plain, measure))
  })

  it('states faces and sizes in pixels of the original, also when it worked on a reduced image', async () => {
    const { width, height } = await sharp(photo).metadata()
    const factor = 5000 / Math.max(width, height) // the working image is 4,096 px
    const large = await sharp(photo)
      .resize(Math.round(width * factor), Math.round(height * factor))
      .jpeg()
      .toBuffer()
    const [small, big] = [extracted(await analyse(photo)), extracted(await analyse(large))]
    expect([big.image.widthPx, big.image.heightPx]).to.include(5000)
    const [smallBox, bigBox] = [small.faces[0]?.face.box, big.faces[0]?.face.box]
    expect(bigBox?.width).to.be.closeTo((smallBox?.width ?? NaN) * factor, 0.1 * (bigBox?.width ?? NaN))
    expect(nativeOf(big.faces[0]?.quality, 'face-size')).to.be.closeTo(bigBox?.width ?? NaN, 1e-6)
    expect(dot(features(small, 0), features(big, 0))).to.be.greaterThan(0.8)
  })

  it('gives the same answer again, bit for bit', async () => {
    const [first, again] = [await analyse(photo), await analyse(photo)]
    expect({ ...again, timingsMs: {} }).to.deep.equal({ ...first, timingsMs: {} })
  })

  it('is of one opinion about one person: another size or JPEG quality scores above 0.8, another person lower', async () => {
    const reference = features(extracted(await analyse(photo)), 0)
    const compressed = await sharp(photo).resize(200).jpeg({ quality: 50 }).toBuffer()
    expect(dot(reference, features(extracted(await analyse(compressed)), 0))).to.be.greaterThan(0.8)
    expect(dot(reference, features(extracted(await analyse(other)), 0))).to.be.lessThan(0.6)
  })

  it('does not begin for a caller who has gone or whose deadline has passed', async () => {
    const request = { image: photo, ...TEMPLATE }
    await expectCode('CANCELLED', pipeline.analyse(request, { ...context, signal: AbortSignal.abort() }))
    await expectCode('DEADLINE_EXCEEDED', pipeline.analyse(request, { ...context, deadlineAtMs: Date.now() - 1 }))
  })

  it('stops between two stages when the caller goes meanwhile', async () => {
    const controller = new AbortController()
    const running = pipeline.analyse({ image: photo, ...TEMPLATE }, { ...context, signal: controller.signal })
    controller.abort()
    await expectCode('CANCELLED', running)
  })
})

function extracted(analysis: FaceAnalysis) {
  if (analysis.outcome !== 'extracted') throw new Error(`a template was expected, the outcome is ${analysis.outcome}`)
  return analysis
}

function features(analysis: ReturnType<typeof extracted>, index: number): Float32Array {
  return analysis.extracted[index]?.template.features ?? new Float32Array()
}

function componentsOf(report: QualityReport | null | undefined, measures: readonly string[]) {
  return (report?.components ?? []).filter(({ measure }) => measures.includes(measure))
}

function leastOf(report: QualityReport | null | undefined, ...measures: readonly string[]): number {
  return Math.min(...componentsOf(report, measures).map(({ quality }) => quality))
}

function nativeOf(report: QualityReport | null | undefined, measure: string): number | undefined {
  return componentsOf(report, [measure])[0]?.nativeQuality
}
