import { expect } from 'chai'
import { join } from 'node:path'
import { CIRCLE } from '../support/stored-things.js'
import { featuresAt } from '../support/synthetic-analyser.js'
import { CliBench, failureOf } from './support/cli-bench.js'

// Goal: a file of templates becomes searchable, once, and every wrong line is named. Method: the real program and service.
describe('portcullis template import', () => {
  let bench: CliBench
  beforeEach(async () => {
    bench = await CliBench.open()
    await bench.service.addGallery('watch')
  })
  afterEach(() => bench.close())

  const line = (subjectId: string, angleDeg: number, more: object = {}): string =>
    JSON.stringify({ subject_id: subjectId, features: [...featuresAt(angleDeg)], ...more })
  const run = async (lines: readonly string[], ...more: string[]) => {
    await bench.put('templates.jsonl', lines.join('\n'))
    return bench.run('template', 'import', join(bench.folder, 'templates.jsonl'), '--gallery', 'watch', ...more)
  }

  it('enrols every line, in batches, and again without doing anything twice', async () => {
    const lines = Array.from({ length: 600 }, (_, i) => line(`s${i}`, (i * 360) / 600))
    const first = await run([...lines, ''])
    expect(first).to.deep.include({
      code: 0,
      out: 'Templates: 600 enrolled now, 0 already there, 0 failed.\n',
    })
    expect(await bench.service.found(90, ['watch'])).to.include('s150')
    expect((await run(lines)).out).to.equal('Templates: 0 enrolled now, 600 already there, 0 failed.\n')
  })

  it('reads packed features, details and times', async () => {
    const packed = Buffer.from(featuresAt(30).buffer).toString('base64')
    const more = {
      display_name: 'Name',
      attributes: { list: 'x' },
      captured_at: '2020-01-02T03:04:05.678Z',
      source: 'old',
    }
    const text = JSON.stringify({
      subject_id: 'p',
      features_f32: packed,
      algorithm: CIRCLE,
      encounter_id: 'e1',
      ...more,
    })
    expect((await run([text])).code).to.equal(0)
    const subject = await bench.service.enrolment.getSubject('p')
    expect(subject).to.deep.include({ displayName: 'Name', attributes: { list: 'x' } })
    const capturedAtMs = Date.UTC(2020, 0, 2, 3, 4, 5, 678)
    expect(subject.encounters[0]).to.include({ id: 'e1', source: 'old', capturedAtMs })
    expect(await bench.service.found(30, ['watch'])).to.deep.equal(['p'])
  })

  it('names the wrong lines and enrols the others', async () => {
    const { code, out } = await run(
      [
        line('a', 0),
        'rubbish',
        line('b', 90, { colour: 'red' }),
        line('c', 10, { features: ['x'] }),
        line('', 5),
        line('d', 180),
      ],
      '--json',
    )
    expect(code).to.equal(2)
    const report = JSON.parse(out) as { importedCount: number; failures: { line: number; reason: string }[] }
    expect(report.importedCount).to.equal(2)
    expect(report.failures.map(({ line: number }) => number).sort()).to.deep.equal([2, 3, 4, 5])
    expect(out).to.not.include('red')
  })

  it('names a line that the service refuses', async () => {
    const { code, out } = await run([line('a', 0), line('b', 90, { features: [1, 2, 3] })], '--json')
    expect(code).to.equal(2)
    const report = JSON.parse(out) as { failures: unknown[] }
    expect(report.failures).to.deep.equal([
      { line: 2, reason: 'INVALID_ARGUMENT', message: 'expected 16 features, got 3' },
    ])
  })

  it('fails clearly for a missing file, an unknown gallery and another space', async () => {
    const missing = await bench.run('template', 'import', join(bench.folder, 'none'), '--gallery', 'watch', '--json')
    expect(failureOf(missing)).to.include({ reason: 'INPUT_UNREADABLE', field: 'path' })
    await bench.put('one.jsonl', line('a', 0))
    const unknown = await bench.run('template', 'import', join(bench.folder, 'one.jsonl'), '--gallery', 'no', '--json')
    expect(failureOf(unknown)).to.include({ reason: 'GALLERY_NOT_FOUND' })
    const other = await run([line('a', 0)], '--algorithm', 'other@000000000001', '--json')
    expect(other.code).to.equal(2)
    expect(other.out).to.include('MODEL_MISMATCH')
  })
})
