import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { FINGER_FORMATS, type FingerFormat } from '../../src/domain/finger.js'
import type { FingerFormat__Output } from '../../src/generated/portcullis/v1/FingerFormat.js'
import { FRAME, OWN_RECORDS, patched } from '../support/finger/own-records.js'
import { startService, type RunningService } from './support/running-service.js'

const { Convert, Inspect } = definitions.templates
const ISO = Buffer.from(OWN_RECORDS['iso-19794-2-2005'])
const ANSI = Buffer.from(OWN_RECORDS['ansi-378-2004'])

/** "iso-19794-2-2005" → "FINGER_FORMAT_ISO_19794_2_2005" */
const onWire = (format: FingerFormat) =>
  `FINGER_FORMAT_${format.toUpperCase().replaceAll('-', '_')}` as FingerFormat__Output

// Goal: fingerprint templates over the wire. Method: the records of own-records.ts, which hold the same two minutiae.
describe('TemplateService.Convert and Inspect over gRPC', () => {
  let service: RunningService
  before(async () => {
    service = await startService()
  })
  after(() => service.stop())

  it('converts: told by the header, without warnings where nothing is lost', async () => {
    const converted = await service.client.call(Convert, {
      template: { data: ISO },
      targetFormat: 'FINGER_FORMAT_ANSI_378_2004',
    })
    expect(converted).to.deep.equal({ data: ANSI, sourceFormat: 'FINGER_FORMAT_ISO_19794_2_2005', warnings: [] })
    const back = await service.client.call(Convert, {
      template: { data: ANSI, format: 'FINGER_FORMAT_ANSI_378_2004' },
      targetFormat: 'FINGER_FORMAT_ISO_19794_2_2005',
    })
    expect(back.data).to.deep.equal(ISO)
    const xyt = await service.client.call(Convert, { template: { data: ISO }, targetFormat: 'FINGER_FORMAT_XYT' })
    expect(xyt.data.toString()).to.equal('100 450 270 90\n101 449 90 0\n')
    expect(xyt.warnings).to.have.length(2)
  })

  it('inspects every format by its name on the wire', async () => {
    for (const format of FINGER_FORMATS) {
      const template = { data: Buffer.from(OWN_RECORDS[format]), format: onWire(format), frame: FRAME }
      const inspected = await service.client.call(Inspect, { template })
      expect(inspected.format).to.equal(onWire(format))
      const [view] = inspected.views
      expect(view).to.include({ widthPx: 400, heightPx: 500 })
      const places = view?.minutiae.map(({ xPx, yPx, angleDeg }) =>
        [xPx, yPx, angleDeg].map((n) => Number(n.toFixed(6))),
      )
      expect(places, format).to.deep.equal([
        [100, 50, 90],
        [101, 51, 270],
      ])
    }
  })

  it('gives values and a drawing of each view; what is not reported is absent', async () => {
    const { views, warnings } = await service.client.call(Inspect, { template: { data: ISO } })
    expect(warnings).to.deep.equal([])
    expect(views).to.have.length(1)
    const { svg, minutiae, ...rest } = views[0]!
    expect(rest).to.deep.include({ position: 'FINGER_POSITION_RIGHT_INDEX', viewNumber: 1, impression: 0, quality: 80 })
    expect(rest).to.deep.include({ resolutionXPpcm: 197, resolutionYPpcm: 197 })
    expect(minutiae.map(({ type }) => type)).to.deep.equal(['MINUTIA_TYPE_ENDING', 'MINUTIA_TYPE_BIFURCATION'])
    expect(minutiae.map(({ quality }) => quality)).to.deep.equal([90, undefined])
    expect(svg).to.match(/^<svg [^]*<\/svg>\n$/)
  })

  it('reads leniently when asked to, and says what it let pass', async () => {
    const trailing = Buffer.concat([ISO, Buffer.from([0])])
    const refused = await service.client.refusal(Inspect, { template: { data: trailing } })
    expect([refused.code, refused.errorInfo?.reason]).to.deep.equal([Code.INVALID_ARGUMENT, 'PARSE_ERROR'])
    expect(refused.message).to.include('end of the record at byte 42')
    expect(refused.badRequest?.fieldViolations[0]?.field).to.equal('template.data')
    const { warnings, views } = await service.client.call(Inspect, { template: { data: trailing, lenient: true } })
    expect(views).to.have.length(1)
    expect(warnings).to.deep.equal([
      'end of the record at byte 42 should be the last byte, not 1 more: they are ignored',
    ])
  })

  it('names the field that is wrong', async () => {
    const xyt = { data: Buffer.from(OWN_RECORDS.xyt), format: 'FINGER_FORMAT_XYT' } as const
    const cases: readonly [Parameters<typeof Convert.requestSerialize>[0], reason: string, field: string][] = [
      [{}, 'INVALID_ARGUMENT', 'template'],
      [{ template: {} }, 'INVALID_ARGUMENT', 'template.data'],
      [{ template: { data: ISO } }, 'INVALID_ARGUMENT', 'target_format'],
      [{ template: { data: ISO, format: 99 as never } }, 'INVALID_ARGUMENT', 'template.format'],
      [
        { template: { data: ISO }, targetFormat: 'FINGER_FORMAT_ISO_19794_2_2011' },
        'FORMAT_UNSUPPORTED',
        'target_format',
      ],
      [
        { template: { data: Buffer.from('FIR\0') }, targetFormat: 'FINGER_FORMAT_XYT' },
        'FORMAT_UNSUPPORTED',
        'template.data',
      ],
      [{ template: xyt, targetFormat: 'FINGER_FORMAT_ANSI_378_2004' }, 'INVALID_ARGUMENT', 'template.frame'],
      [
        { template: { ...xyt, frame: { ...FRAME, widthPx: 0 } }, targetFormat: 'FINGER_FORMAT_ANSI_378_2004' },
        'INVALID_ARGUMENT',
        'template.frame.width_px',
      ],
      [{ template: { data: twoViews() }, targetFormat: 'FINGER_FORMAT_XYT' }, 'INVALID_ARGUMENT', 'template.views'],
      [
        { template: { data: Buffer.alloc(1024 * 1024 + 1) }, targetFormat: 'FINGER_FORMAT_XYT' },
        'LIMIT_EXCEEDED',
        'template.data',
      ],
    ]
    for (const [request, reason, field] of cases) {
      const refused = await service.client.refusal(Convert, request)
      expect([refused.errorInfo?.reason, refused.badRequest?.fieldViolations[0]?.field]).to.deep.equal([reason, field])
    }
  })

  it('draws the first 32 views of a record that has more', async () => {
    const { views } = await service.client.call(Inspect, { template: { data: manyViews() } })
    expect(views).to.have.length(33)
    expect(views.map(({ svg }) => svg !== '').lastIndexOf(true)).to.equal(31)
  })
})

/** The own record with its view twice, the second of the right middle finger. */
function twoViews(): Buffer {
  const view = patched(ISO.subarray(24), 0, 3)
  return Buffer.from(patched(patched(Uint8Array.from([...ISO, ...view]), 11, 60), 22, 2))
}

/** 33 empty views of 6 bytes: 24 + 33 × 6 = 222. */
function manyViews(): Buffer {
  const header = patched(patched(ISO.subarray(0, 24), 11, 222), 22, 33)
  const views = Array.from({ length: 33 }, (_, i) => [Math.floor(i / 16), (i % 16) << 4, 0, 0, 0, 0])
  return Buffer.from([...header, ...views.flat()])
}
