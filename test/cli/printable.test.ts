import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { printable } from '../../src/cli/printable.js'
import { Terminal } from '../../src/cli/terminal.js'

// Goal: what is stored about a subject cannot steer the terminal of the person who reads it.
describe('terminal output', () => {
  const ESC = String.fromCharCode(0x1b)
  const RIGHT_TO_LEFT = String.fromCharCode(0x202e)

  it('shows control characters and direction marks instead of obeying them', () => {
    expect(printable(`a${ESC}[2Jb`)).to.equal('a\\u001b[2Jb')
    expect(printable(`a\r\nb\u0085${RIGHT_TO_LEFT}c`)).to.equal('a\\u000d\\u000ab\\u0085\\u202ec')
  })

  it('leaves the writing of the world alone', () => {
    const names = 'Žofie Nováková, عبد الله, 王小明, Ελένη'
    expect(printable(names)).to.equal(names)
  })

  it('holds for lines, notes, tables and JSON alike', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const terminal = new Terminal(stdout, stderr)
    terminal.line(`line ${ESC}c`)
    terminal.note(`note ${ESC}c`)
    terminal.table(['head'], [[`cell ${ESC}[31m\nred`]])
    terminal.json({ name: `json ${ESC}c ${RIGHT_TO_LEFT}` })
    stdout.end()
    stderr.end()
    const [out, err] = [await text(stdout), await text(stderr)]
    for (const written of [out, err]) expect(written).to.not.match(/[\u001b\u202e]/) // eslint-disable-line no-control-regex
    expect(out).to.include('cell \\u001b[31m\\u000ared')
    expect(JSON.parse(out.slice(out.indexOf('{')))).to.deep.equal({ name: `json ${ESC}c ${RIGHT_TO_LEFT}` })
  })
})
