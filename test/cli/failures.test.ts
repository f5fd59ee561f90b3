import { expect } from 'chai'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeCertificates, type Certificates } from '../api/support/certificates.js'
import { temporaryFolder } from '../support/service-bench.js'
import { CliBench, failureOf, runCommand } from './support/cli-bench.js'

// Goal: whatever goes wrong between the program and the service is one clear line. Method: real sockets, real TLS.
describe('failures of the command line', () => {
  const list = (server: string, ...more: string[]) => runCommand(['gallery', 'list', '--server', server, ...more])

  /** A server that accepts connections and says nothing. */
  async function listening(): Promise<{ server: Server; address: string }> {
    const server = createServer((socket) => socket.resume()) // reads, so that it notices when the client leaves
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` }
  }

  it('names the address at which no service answers, and what to run', async () => {
    const { server, address } = await listening()
    await new Promise((resolve) => server.close(resolve))
    const { code, out, err } = await list(address)
    expect({ code, out }).to.deep.equal({ code: 1, out: '' })
    expect(err)
      .to.match(/^error: no service answers at 127\.0\.0\.1:\d+: run "npx portcullis serve"[^\n]*\n$/)
      .and.include(address)
    expect(failureOf(await list(address, '--json'))).to.include({
      reason: 'SERVER_UNREACHABLE',
      field: '',
    })
  })

  it('gives up on a service that accepts and never answers', async () => {
    const { server, address } = await listening()
    const { code, err } = await list(address, '--timeout', '0.4', '--json')
    server.close()
    expect(code).to.equal(1)
    expect(failureOf({ err }).reason).to.equal('DEADLINE_EXCEEDED')
  })

  it('refuses addresses, numbers and options that are wrong, in one line', async () => {
    for (const server of ['localhost', 'http://localhost:50051', 'unix:/x', ':1', 'a:0', 'a:65536', '::1:5'])
      expect((await list(server)).err, server).to.equal(
        'error: --server: it must be host:port, as in 127.0.0.1:50051\n',
      )
    for (const args of [
      ['gallery', 'list', '--nonsense'],
      ['nonsense'],
      ['identify'],
      ['identify', 'x.jpg'],
      ['identify', 'x.jpg', '--gallery', 'g', '--threshold', '2'],
      ['gallery', 'create', 'g', '--owner', 'o', '--purpose', 'p', '--faces', 'none'],
      ['subject', 'list', '--limit', '0'],
      ['gallery', 'list', '--timeout', 'soon'],
    ]) {
      const { code, out, err } = await runCommand([...args, '--json'])
      expect({ code, out }, args.join(' ')).to.deep.equal({ code: 1, out: '' })
      expect(failureOf({ err }).reason, args.join(' ')).to.equal('USAGE')
    }
  })

  it('shows no stack of a bug, but where it is', async () => {
    const { code, err } = await runCommand(['serve'])
    expect(code).to.equal(1)
    expect(err).to.match(
      /^error: internal error \(TypeError at cli-bench\.[jt]s:\d+:\d+\): this is a bug, please report it\n$/,
    )
  })

  it('shows help and version with exit code 0', async () => {
    const help = await runCommand(['--help'])
    expect(help.code).to.equal(0)
    for (const name of ['serve', 'doctor', 'models', 'gallery', 'enrol', 'identify', 'verify', 'subject', 'evaluate'])
      expect(help.out).to.include(`  ${name} `)
    expect(await runCommand(['--version'])).to.deep.equal({ code: 0, out: '0.0.0-test\n', err: '' })
  })

  describe('over TLS', () => {
    let bench: CliBench
    let certificates: Certificates
    const folder = temporaryFolder()
    const pem = (name: string) => join(folder, name)

    before(async () => {
      certificates = await makeCertificates('Test authority')
      const { ca, server, client } = certificates
      await writeFile(pem('ca.pem'), ca)
      await writeFile(pem('other-ca.pem'), (await makeCertificates('Another authority')).ca)
      await writeFile(pem('client.pem'), client.certificate)
      await writeFile(pem('client-key.pem'), client.key)
      await writeFile(pem('no.pem'), 'no certificate')
      bench = await CliBench.open({ tls: { certificate: server.certificate, key: server.key, clientCa: ca } })
    })
    after(() => bench.close())

    const IDENTITY = ['--tls-cert', pem('client.pem'), '--tls-key', pem('client-key.pem')]
    const secure = (ca: string, ...more: string[]) => list(bench.address, '--tls-ca', pem(ca), ...more)

    it('is let in with the authority and a certificate of its own', async () => {
      expect(await secure('ca.pem', ...IDENTITY)).to.include({ code: 0, err: '' })
    })

    it('says that the certificate was not accepted when another authority signed it', async () => {
      expect((await secure('other-ca.pem', ...IDENTITY)).err).to.include('its TLS certificate was not accepted')
    })

    it('is not let in without a certificate, or without TLS', async () => {
      for (const ran of [await secure('ca.pem'), await list(bench.address)]) {
        expect(ran.code).to.equal(1)
        expect(ran.err).to.match(/^error: no service answers at [^\n]*\n$/)
      }
    })

    it('names the flag whose file cannot be used', async () => {
      expect((await secure('absent.pem')).err).to.equal('error: --tls-ca: its file cannot be read (ENOENT)\n')
      expect((await secure('no.pem', '--tls-cert', pem('no.pem'), '--tls-key', pem('no.pem'))).err).to.include(
        'do not hold PEM',
      )
      expect((await secure('ca.pem', '--tls-cert', pem('client.pem'))).err).to.include('belong together')
    })
  })
})
