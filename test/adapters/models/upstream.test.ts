import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from 'selfsigned'
import type { ModelDescription } from '../../../src/domain/models.js'
import { aManifest, aModel } from './support/a-model.js'

const CONTENT = 'w'.repeat(100_000)
const CHILD = fileURLToPath(new URL('support/upstream-child.js', import.meta.url))

interface Outcome {
  id: string
  outcome: string
  from?: string
  reason?: string
}

// Goal: a download is either the manifest's file or a clear sentence. Method: a real HTTPS server whose paths misbehave
// each in their own way; a child process that trusts its certificate through NODE_EXTRA_CA_CERTS.
describe('models from upstream', () => {
  let root: string
  let server: Server
  let origin: string
  const requests: string[] = []

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'portcullis-upstream-'))
    const pem = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    })
    await writeFile(join(root, 'ca.pem'), pem.cert)
    server = createServer({ key: pem.private, cert: pem.cert }, (request, response) => {
      requests.push(request.url ?? '')
      misbehave(request.url ?? '', response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `https://localhost:${(server.address() as { port: number }).port}`
  })
  after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(root, { recursive: true, force: true })
  })

  const at = (path: string) => aModel(path, CONTENT, `${origin}/${path}`)

  /** Installs in a child process; resolves to the outcomes by id and the files that are there after. */
  async function install(models: ModelDescription[], trusts = true) {
    const weightsFolder = await mkdtemp(join(root, 'weights-'))
    const manifest = aManifest(...models)
    const argument = JSON.stringify({ manifest, weightsFolder, timeouts: { silenceMs: 700, totalMs: 2500 } })
    const env = { PATH: process.env.PATH, ...(trusts ? { NODE_EXTRA_CA_CERTS: join(root, 'ca.pem') } : {}) }
    const child = spawn(process.execPath, [CHILD, argument], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).to.equal(0)
    const outcomes = JSON.parse(output) as Outcome[]
    return { outcomes, files: await readdir(weightsFolder), weightsFolder }
  }

  it('installs over HTTPS, also over redirects', async () => {
    const { outcomes, files, weightsFolder } = await install([at('good'), at('redirect'), at('relative-redirect')])
    expect(outcomes.map(({ outcome, from }) => `${outcome} from ${from}`)).to.deep.equal(
      Array(3).fill('installed from upstream'),
    )
    expect(files.sort()).to.deep.equal(['good.onnx', 'redirect.onnx', 'relative-redirect.onnx'])
    expect(await readFile(join(weightsFolder, 'redirect.onnx'), 'utf8')).to.equal(CONTENT)
  })

  it("refuses whatever is not the manifest's file, leaves nothing of it, and goes on", async function () {
    this.timeout(20_000) // two of the paths are given up only after their timeouts
    const paths = ['wrong', 'short', 'long', 'truncated', 'absent', 'loop', 'plain', 'silent', 'trickle', 'good']
    const { outcomes, files } = await install(paths.map(at))
    const reasons = Object.fromEntries(outcomes.map(({ id, outcome, reason }) => [id, `${outcome}: ${reason ?? ''}`]))
    expect(reasons.wrong).to.match(/^failed: refused: its sha256 is [0-9a-f]{64}, the manifest says/)
    expect(reasons.short).to.equal("failed: it broke off after 99999 of the manifest's 100000 bytes")
    expect(reasons.long).to.equal("failed: it is longer than the manifest's 100000 bytes")
    expect(reasons.truncated).to.match(/^failed: upstream cannot be reached or broke off/)
    expect(reasons.absent).to.equal('failed: upstream answered with HTTP 404')
    expect(reasons.loop).to.equal('failed: upstream redirects more than 5 times')
    expect(reasons.plain).to.equal('failed: only https addresses are fetched')
    expect(reasons.silent).to.equal('failed: upstream was silent for 0.7 s')
    expect(reasons.trickle).to.equal('failed: not finished after 2.5 s')
    expect(reasons.good).to.equal('installed: ')
    expect(files).to.deep.equal(['good.onnx'])
    expect(requests.filter((path) => path === '/loop')).to.have.length(6) // the first and five redirects
  })

  it('refuses a server whose certificate nobody vouches for', async () => {
    const { outcomes, files } = await install([at('good')], false)
    expect(outcomes[0]?.outcome).to.equal('failed')
    expect(outcomes[0]?.reason).to.match(/SELF_SIGNED|UNABLE_TO_VERIFY/)
    expect(files).to.deep.equal([])
  })

  it('names the fault when there is no network', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as { port: number }
    await new Promise((resolve) => closed.close(resolve)) // now a port at which nobody listens
    const { outcomes } = await install([aModel('unreachable', CONTENT, `https://127.0.0.1:${port}/x`)])
    expect(outcomes[0]?.reason).to.equal('upstream cannot be reached or broke off (ECONNREFUSED)')
  })

  it('says why a converted model cannot be fetched, and installs the others', async () => {
    const converted = aModel('converted', CONTENT, null, 'converted from the FP16 IR')
    const { outcomes } = await install([converted, at('good')])
    expect(outcomes[0]).to.deep.equal({
      id: 'converted',
      outcome: 'unavailable',
      reason: 'upstream does not publish this file (converted from the FP16 IR); give a --mirror that has it',
    })
    expect(outcomes[1]?.outcome).to.equal('installed')
  })
})

/** Each path answers in its own wrong way; only "good" is right. */
function misbehave(path: string, response: ServerResponse): void {
  const redirect = (location: string) => response.writeHead(302, { location }).end()
  switch (path) {
    case '/good':
      return void response.end(CONTENT)
    case '/redirect':
      return void redirect(`https://${response.req.headers.host}/good`)
    case '/relative-redirect':
      return void redirect('good')
    case '/wrong':
      return void response.end('x'.repeat(CONTENT.length))
    case '/short':
      return void response.end(CONTENT.slice(1))
    case '/long':
      return void response.end(`${CONTENT}w`)
    case '/truncated':
      response.writeHead(200, { 'content-length': CONTENT.length })
      return void response.write(CONTENT.slice(0, 5000), () => response.destroy())
    case '/loop':
      return void redirect('/loop')
    case '/plain':
      return void redirect(`http://${response.req.headers.host}/good`)
    case '/silent':
      return void response.write('w')
    case '/trickle': {
      const drip = setInterval(() => response.write('w'), 100)
      return void response.on('close', () => clearInterval(drip))
    }
    default:
      return void response.writeHead(404).end()
  }
}
