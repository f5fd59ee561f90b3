import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { startMetricsEndpoint, type MetricsEndpoint } from '../../src/api/metrics-endpoint.js'
import { expectCode } from '../support/errors.js'
import { CollectingLogger } from './support/collecting-logger.js'
import { until } from './support/until.js'

const PATIENCE_MS = 300
const LOOPBACK = '127.0.0.1'

// Goal: nothing but GET /metrics is answered, and nobody who connects can hold the service up. Method: real sockets, some of
// which speak HTTP badly or not at all.
describe('startMetricsEndpoint()', () => {
  let endpoint: MetricsEndpoint
  let logger: CollectingLogger
  let readCount: number
  let sockets: Socket[]
  let read: () => Promise<string>

  beforeEach(async () => {
    logger = new CollectingLogger()
    readCount = 0
    sockets = []
    read = async () => 'up 1\n'
    endpoint = await startMetricsEndpoint({
      address: { host: LOOPBACK, port: 0 },
      contentType: 'text/plain; version=0.0.4',
      readMetrics: () => (readCount++, read()),
      logger,
      patienceMs: PATIENCE_MS,
    })
  })
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    await endpoint.close()
  })

  const get = (path: string, init: RequestInit = {}) => fetch(`http://${LOOPBACK}:${endpoint.port}${path}`, init)

  /** Sends bytes as they are; what comes back until the other side ends, and after how many milliseconds. */
  async function send(bytes: string): Promise<{ readonly answer: string; readonly lastedMs: number }> {
    const startedAtMs = performance.now()
    const socket = open()
    socket.write(bytes)
    let answer = ''
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    await new Promise((resolve) => socket.once('close', resolve))
    return { answer, lastedMs: performance.now() - startedAtMs }
  }

  function open(): Socket {
    const socket = connect(endpoint.port, LOOPBACK)
    socket.on('error', () => undefined) // a connection that is cut is a result
    sockets.push(socket)
    return socket
  }

  it('answers GET /metrics', async () => {
    const response = await get('/metrics')
    expect([response.status, await response.text()]).to.deep.equal([200, 'up 1\n'])
    expect(response.headers.get('content-type')).to.equal('text/plain; version=0.0.4')
    expect(response.headers.get('connection')).to.equal('close')
    expect((await get('/metrics?name[]=up')).status).to.equal(200)
  })

  it('answers nothing else', async () => {
    for (const path of ['/', '/metrics/', '/metricsx', '/Metrics', '/../metrics/..', '/debug'])
      expect((await get(path)).status, path).to.equal(404)
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']) {
      const response = await get('/metrics', { method })
      expect([response.status, response.headers.get('allow')], method).to.deep.equal([405, 'GET'])
    }
    expect(readCount).to.equal(0)
  })

  it('says nothing of why metrics could not be read, except in the log', async () => {
    read = () => Promise.reject(new Error('a bug'))
    const response = await get('/metrics')
    expect([response.status, await response.text()]).to.deep.equal([500, 'internal error\n'])
    expect(logger.entries).to.have.length(1)
    read = async () => 'up 1\n'
    expect((await get('/metrics')).status).to.equal(200)
  })

  it('refuses a header of more than 8 KiB', async () => {
    const { answer } = await send(`GET /metrics HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(9_000)}\r\n\r\n`)
    expect(answer).to.match(/^HTTP\/1\.1 431 /)
    const endless = await send(`GET /metrics HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(5_000_000)}`)
    expect(endless.answer).to.match(/^(HTTP\/1\.1 431 |$)/)
    expect(readCount).to.equal(0)
  })

  it('takes no body, however long', async () => {
    const head = `POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n`
    const { answer, lastedMs } = await send(head + 'x'.repeat(100_000))
    expect(answer).to.match(/^(HTTP\/1\.1 405 |$)/) // an answer that is overtaken by the cut is none
    expect(lastedMs).to.be.lessThan(PATIENCE_MS)
    const chunked = await send('GET /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
    expect(chunked.answer).to.match(/^HTTP\/1\.1 200 /)
    expect(chunked.lastedMs).to.be.lessThan(PATIENCE_MS)
  })

  it('refuses what is no HTTP', async () => {
    expect((await send('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03')).answer).to.match(/^HTTP\/1\.1 400 /)
    expect((await send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).answer).to.match(/^HTTP\/1\.1 400 |^$/)
  })

  it('cuts callers who say nothing, or one byte at a time, and answers others meanwhile', async () => {
    const silent = send('')
    const slow = open()
    const isCut = once(slow, 'close')
    const startedAtMs = performance.now()
    let sentCount = 0
    const drip = setInterval(() => slow.write('GET /metrics HTTP/1.1\r\nX: '[sentCount++] ?? 'x'), 20)
    slow.resume()
    expect((await get('/metrics')).status).to.equal(200)
    await isCut
    clearInterval(drip)
    expect(performance.now() - startedAtMs).to.be.within(PATIENCE_MS * 0.9, PATIENCE_MS * 4)
    expect((await silent).lastedMs).to.be.within(PATIENCE_MS * 0.9, PATIENCE_MS * 4)
  })

  it('cuts callers who do not read their answer', async () => {
    read = async () => 'x'.repeat(50_000_000) // more than the kernel takes off its hands
    const socket = open()
    socket.pause()
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')
    await until('the answer is on its way', () => readCount === 1)
    const startedAtMs = performance.now()
    read = async () => 'up 1\n'
    expect((await get('/metrics')).status).to.equal(200)
    socket.resume()
    let receivedCount = 0
    socket.on('data', (chunk: Buffer) => (receivedCount += chunk.length))
    socket.pause()
    await new Promise((resolve) => setTimeout(resolve, 4 * PATIENCE_MS))
    socket.resume()
    await once(socket, 'close')
    expect(receivedCount).to.be.lessThan(50_000_000)
    expect(performance.now() - startedAtMs).to.be.lessThan(10 * PATIENCE_MS)
  })

  it('does the work of one for any number who ask at once', async () => {
    let letGo: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (letGo = resolve))
    read = () => gate.then(() => 'up 1\n')
    const answers = Array.from({ length: 10 }, () => get('/metrics').then((response) => response.text()))
    await until('one is read', () => readCount === 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    letGo()
    expect(new Set(await Promise.all(answers))).to.deep.equal(new Set(['up 1\n']))
    expect(readCount).to.equal(1)
  })

  it('answers the first of many requests that are sent in a row', async () => {
    const { answer } = await send('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1_000))
    expect(answer.match(/HTTP\/1\.1 200 /g) ?? []).to.have.length.at.most(1)
    expect(readCount).to.equal(1)
  })

  it('holds 16 connections, and takes new ones when those have gone', async () => {
    const held = Array.from({ length: 16 }, () => open())
    await Promise.all(held.map((socket) => once(socket, 'connect')))
    const { answer, lastedMs } = await send('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(answer).to.equal('')
    expect(lastedMs).to.be.lessThan(PATIENCE_MS)
    await Promise.all(held.map((socket) => once(socket.resume(), 'close')))
    expect((await get('/metrics')).status).to.equal(200)
  })

  it('frees its port at once when it is closed, whoever is connected', async () => {
    const socket = open()
    await once(socket, 'connect')
    const startedAtMs = performance.now()
    await endpoint.close()
    expect(performance.now() - startedAtMs).to.be.lessThan(PATIENCE_MS / 2)
    expect(await get('/metrics').catch(() => 'nobody')).to.equal('nobody')
    endpoint = await startMetricsEndpoint({
      address: { host: LOOPBACK, port: endpoint.port },
      contentType: 'text/plain',
      readMetrics: async () => 'up 1\n',
      logger,
    })
    expect(endpoint.host).to.equal(LOOPBACK)
  })

  it('says so when the port is taken, or the address is one that other machines reach', async () => {
    const settings = { contentType: 'text/plain', readMetrics: async () => '', logger }
    const { port } = endpoint
    await expectCode('UNAVAILABLE', startMetricsEndpoint({ ...settings, address: { host: LOOPBACK, port } }))
    const everywhere = { host: '0.0.0.0', port: 0 }
    await expectCode('INVALID_ARGUMENT', startMetricsEndpoint({ ...settings, address: everywhere }))
  })

  it('answers a client that keeps its connections, as Prometheus does', async () => {
    for (let i = 0; i < 3; i++) {
      const asked = request({
        host: LOOPBACK,
        port: endpoint.port,
        path: '/metrics',
        headers: { connection: 'keep-alive' },
      })
      asked.end()
      const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream]
      expect(await text(response)).to.equal('up 1\n')
    }
  })
})
