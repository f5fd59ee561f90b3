import { expect } from 'chai'
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { runCommand } from './support/cli-bench.js'

const CHILD = fileURLToPath(new URL('support/serve-child.js', import.meta.url))

type Child = ChildProcessByStdio<null, Readable, Readable>

// Goal: the service says where it answers and stops cleanly. Method: a real process, real signals.
describe('portcullis serve', () => {
  const start = (...args: string[]) => {
    const child: Child = spawn(process.execPath, [CHILD, 'serve', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()))
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
    const until = async (text: string) => {
      while (!output.out.includes(text)) await new Promise((resolve) => child.stdout.once('data', resolve))
    }
    return { child, output, exit, until }
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`prints the address and what to try next, answers, and stops cleanly on ${signal}`, async () => {
      const { child, output, exit, until } = start()
      await until('Stop with Ctrl-C.')
      const address =
        /answers at (\S+) \(plain text\), template space circle@000000000001\./.exec(output.out)?.[1] ?? ''
      expect(output.out).to.include(
        `portcullis gallery create watch --owner "My authority" --purpose "Trial" --server ${address}`,
      )
      expect((await runCommand(['gallery', 'list', '--server', address])).code).to.equal(0)
      child.kill(signal)
      expect(await exit).to.equal(0)
      expect(output.err).to.equal('stopping: calls under way are answered\ndata file closed\n')
    })

  it('prints where its metrics are when they are asked for, and closes that port too', async () => {
    const { child, output, exit, until } = start('--metrics-port', '0')
    await until('Stop with Ctrl-C.')
    const url = /^Metrics are at (\S+)\.$/m.exec(output.out)?.[1] ?? ''
    expect(await (await fetch(url)).text()).to.include('portcullis_index_state{state="ready"} 1')
    child.kill('SIGTERM')
    expect(await exit).to.equal(0)
    expect(await fetch(url).catch(() => 'nobody')).to.equal('nobody')
  })

  it('prints one JSON document when asked to', async () => {
    const { child, output, exit, until } = start('--json')
    await until('}')
    expect(JSON.parse(output.out)).to.deep.include({
      host: '127.0.0.1',
      tls: false,
      metricsPort: null,
      algorithm: 'circle@000000000001',
    })
    child.kill('SIGTERM')
    expect(await exit).to.equal(0)
  })

  it('says in one line why it cannot start', async () => {
    const { output, exit } = start('--space', 'absent')
    expect(await exit).to.equal(1)
    expect(output).to.deep.equal({
      out: '',
      err: 'error: expected its models, got none; run portcullis models install\n',
    })
  })
})
