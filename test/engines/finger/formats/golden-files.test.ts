import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { FingerFormat, FingerView } from '../../../../src/domain/finger.js'
import { readFingerRecord } from '../../../../src/engines/finger/formats/read.js'
import { writeFingerRecord } from '../../../../src/engines/finger/formats/write.js'
import { normaliseView } from '../../../../src/engines/finger/normalise.js'
import { describeWithShared } from '../../../support/shared-data.js'
import { thrownBy } from '../../../support/finger/thrown-by.js'

/** The values of a golden file, as FingerprintIO for Java states them. */
interface Golden {
  readonly width?: number
  readonly height?: number
  readonly resolutionX?: number
  readonly resolutionY?: number
  readonly fingerprints: readonly (Golden & {
    readonly position: string
    readonly view: number
    readonly scanType: string
    readonly quality?: number
    readonly qrecords?: readonly { readonly quality: number }[]
    readonly minutiae: readonly {
      readonly type: string
      readonly positionX: number
      readonly positionY: number
      readonly angle: number
      readonly quality: number
    }[]
  })[]
}

interface Sample {
  readonly file: string
  readonly format: FingerFormat
  /** Steps of a full turn that its angles are in. */
  readonly stepCount: number
  /** What a strict reading refuses; null when nothing. */
  readonly refused: RegExp | null
  readonly warningCount: number
}

/** The angles of the 2004 sample are those of the ISO sample, in its unit; see `ansiStepRad`. */
const SAMPLES: readonly Sample[] = [
  { file: 'ansi378v2004', format: 'ansi-378-2004', stepCount: 256, refused: /version at byte 4/, warningCount: 3 },
  { file: 'ansi378v2009', format: 'ansi-378-2009', stepCount: 180, refused: /length at byte 8/, warningCount: 1 },
  { file: 'ansi378v2009am1', format: 'ansi-378-2009-am1', stepCount: 180, refused: null, warningCount: 0 },
  { file: 'iso19794p2v2005', format: 'iso-19794-2-2005', stepCount: 256, refused: null, warningCount: 0 },
  { file: 'iso19794p2v2011', format: 'iso-19794-2-2011', stepCount: 256, refused: null, warningCount: 0 },
]

// Goal: records made by others mean here what their makers say. Method: every value of every golden file.
describeWithShared('golden fingerprint templates', 'standards/fmr', (folder) => {
  const bytesOf = (file: string) => readFileSync(join(folder, file))

  for (const { file, format, stepCount, refused, warningCount } of SAMPLES)
    it(`${file}-sample.dat holds what its JSON says`, () => {
      const bytes = bytesOf(`${file}-sample.dat`)
      if (refused !== null) expect(thrownBy(() => readFingerRecord(bytes)).message).to.match(refused)
      const record = readFingerRecord(bytes, { mode: refused === null ? 'strict' : 'lenient' })
      expect(record.format).to.equal(format)
      expect(record.warnings).to.have.length(warningCount)
      const golden = JSON.parse(readFileSync(join(folder, `${file}-sample.json`), 'utf8')) as Golden
      expect(record.views.map((view) => asGolden(view, stepCount))).to.deep.equal(valuesOf(golden))
    })

  it('reads the samples of NIST, which all need a lenient reading', () => {
    const nist: readonly [string, FingerFormat, counts: readonly number[], refused: RegExp][] = [
      ['fmr.ansi2004', 'ansi-378-2004', [27, 22, 28], /end of the record at byte 1236/],
      ['fmr.ansi2007', 'ansi-378-2009', [27, 22], /number of views at byte 19/],
      ['fmr.iso2005', 'iso-19794-2-2005', [27, 22], /view 2 extension length at byte 328/],
    ]
    for (const [file, format, counts, refused] of nist) {
      expect(thrownBy(() => readFingerRecord(bytesOf(file))).message).to.match(refused)
      const record = readFingerRecord(bytesOf(file), { mode: 'lenient' })
      expect(record.format).to.equal(format)
      expect(record.views.map(({ minutiae }) => minutiae.length)).to.deep.equal(counts)
      expect(record.warnings).to.have.length(1)
    }
  })

  it('finds the same finger in the ANSI and the ISO sample of NIST, each in its own unit of angles', () => {
    const minutiae = (file: string) => readFingerRecord(bytesOf(file), { mode: 'lenient' }).views[0]!.minutiae
    const [ansi, iso] = [minutiae('fmr.ansi2004'), minutiae('fmr.iso2005')]
    for (const [i, { xPx, yPx, type, angleRad }] of ansi.entries()) {
      expect([xPx, yPx, type]).to.deep.equal([iso[i]!.xPx, iso[i]!.yPx, iso[i]!.type])
      // An ANSI code is 2° a: the nearest of the 256 ISO angles is NIST's own, in 27 of 27.
      expect(Math.round((angleRad * 128) / Math.PI)).to.equal(Math.round((iso[i]!.angleRad * 128) / Math.PI))
    }
  })
})

describeWithShared('SFinGe templates', 'sfinge', (folder) => {
  it('all 100 are read strictly', () => {
    const files = readdirSync(folder)
    expect(files).to.have.length(100)
    for (const file of files) {
      const { format, views } = readFingerRecord(readFileSync(join(folder, file)))
      expect([format, views.length, views[0]?.resolutionXPpcm]).to.deep.equal(['iso-19794-2-2005', 1, 138])
    }
  })
})

for (const database of ['fvc2002_db1', 'fvc2004_db1'])
  describeWithShared(`FVC templates of ${database}`, `fvc-dev/${database}`, (folder) => {
    it('all 80 are read strictly and written back byte for byte', () => {
      const files = readdirSync(folder)
      expect(files).to.have.length(80)
      for (const file of files) {
        const bytes = readFileSync(join(folder, file))
        const record = readFingerRecord(bytes)
        expect(Buffer.compare(writeFingerRecord(record, 'iso-19794-2-2005'), bytes), file).to.equal(0)
        expect(normaliseView(record.views[0]!).x.length).to.be.greaterThan(0)
      }
    })
  })

/** A view in the words of the golden files. */
function asGolden(view: FingerView, stepCount: number): unknown {
  return {
    position: view.position.replace('-', '_').toUpperCase(),
    view: view.viewNumber,
    impression: view.impression,
    quality: view.quality,
    size: [view.widthPx, view.heightPx, view.resolutionXPpcm, view.resolutionYPpcm],
    minutiae: view.minutiae.map(({ type, xPx, yPx, angleRad, quality }) => {
      const angle = Number(((angleRad / (2 * Math.PI)) * stepCount).toFixed(9))
      return [type.toUpperCase(), xPx, yPx, angle, quality]
    }),
  }
}

/** Where each edition keeps them: of the record, or of each view. All samples are live plain impressions, code 0. */
function valuesOf(golden: Golden): readonly unknown[] {
  return golden.fingerprints.map((print) => {
    expect(print.scanType).to.equal('LIVE_PLAIN')
    const { width, height, resolutionX, resolutionY } = { ...golden, ...print }
    return {
      position: print.position,
      view: print.view,
      impression: 0,
      quality: print.quality ?? print.qrecords?.[0]?.quality,
      size: [width, height, resolutionX, resolutionY],
      minutiae: print.minutiae.map(({ type, positionX, positionY, angle, quality }) => {
        return [type === 'EITHER' ? 'OTHER' : type, positionX, positionY, angle, quality]
      }),
    }
  })
}
