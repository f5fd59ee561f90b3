import { expect } from 'chai'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, type Config, type ConfigFlags } from '../../src/config.js'
import { DomainError } from '../../src/domain/errors.js'

// Goal: three sources become one configuration, and every fault is said in one sentence. Method: real files.
describe('readConfig()', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'portcullis-config-'))
    await mkdir(join(root, 'package'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const read = (flags: ConfigFlags = {}, environment: Record<string, string> = {}): Config =>
    readConfig({ flags, environment, currentFolder: root, packageRoot: join(root, 'package') })

  const faultsOf = (flags: ConfigFlags = {}, environment: Record<string, string> = {}): readonly string[] => {
    try {
      read(flags, environment)
    } catch (error) {
      if (error instanceof DomainError) return error.reasons
      throw error
    }
    return []
  }

  it('has a default for everything', () => {
    expect(read()).to.deep.equal({
      host: '127.0.0.1',
      port: 50_051,
      metricsPort: null,
      dataFolder: join(root, 'data'),
      tls: null,
      modelsFolder: join(root, 'package', 'models', 'weights'),
      mirrorFolder: null,
      spaceId: null,
      workerCount: availableParallelism(),
      queueLength: 64,
      extractor: { kind: 'builtin' },
      logLevel: 'info',
    })
  })

  it('takes flags before the environment before the file', async () => {
    await writeFile(join(root, 'portcullis.json'), JSON.stringify({ port: 1, workers: 1, queueLength: 1 }))
    const config = read(
      { config: 'portcullis.json', port: '3' },
      { PORTCULLIS_PORT: '2', PORTCULLIS_WORKERS: '2', PORTCULLIS_MODELS_DIR: '/models' },
    )
    expect(config).to.include({ port: 3, workerCount: 2, queueLength: 1, modelsFolder: '/models' })
  })

  it('finds the file through PORTCULLIS_CONFIG, and its relative paths beside it', async () => {
    await mkdir(join(root, 'etc'))
    await writeFile(join(root, 'etc', 'p.json'), JSON.stringify({ data: '../var' }))
    expect(read({}, { PORTCULLIS_CONFIG: 'etc/p.json' }).dataFolder).to.equal(join(root, 'var'))
  })

  it('takes a mirror that lies beside the package, unless one is named', async () => {
    await mkdir(join(root, 'shared', 'models'), { recursive: true })
    expect(read().mirrorFolder).to.equal(join(root, 'shared', 'models'))
    expect(read({}, { PORTCULLIS_MODELS_MIRROR: '/mirror' }).mirrorFolder).to.equal('/mirror')
  })

  it('serves metrics only where a port is named', () => {
    expect(read({}, { PORTCULLIS_METRICS_PORT: '9464' }).metricsPort).to.equal(9_464)
    expect(read({ metricsPort: '0' }).metricsPort).to.equal(0)
    expect(faultsOf({ metricsPort: 'on' })).to.deep.equal([
      '--metrics-port must be a whole number from 0 to 65535, not "on"',
    ])
  })

  it('takes an empty variable for an unset one', () => {
    expect(read({}, { PORTCULLIS_SPACE: '' }).spaceId).to.equal(null)
  })

  it('knows the three kinds of extractors, a module relative to where it is named', async () => {
    const extractorOf = (text: string) => read({}, { PORTCULLIS_EXTRACTOR: text }).extractor
    expect(extractorOf('builtin')).to.deep.equal({ kind: 'builtin' })
    expect(extractorOf('grpc://sdk.local:9090')).to.deep.equal({
      kind: 'remote',
      address: 'sdk.local:9090',
      tls: false,
    })
    expect(extractorOf('grpcs://[::1]:9090')).to.deep.equal({ kind: 'remote', address: '[::1]:9090', tls: true })
    expect(extractorOf('sdk/a.mjs')).to.deep.equal({ kind: 'module', path: join(root, 'sdk', 'a.mjs') })
    await mkdir(join(root, 'etc'))
    await writeFile(join(root, 'etc', 'p.json'), JSON.stringify({ extractor: 'a.mjs' }))
    expect(read({ config: 'etc/p.json' }).extractor).to.deep.equal({ kind: 'module', path: join(root, 'etc', 'a.mjs') })
    for (const wrong of ['grpc://host', 'grpc://host:70000', 'http://host:1', 'http://host/a.mjs', 'a.js', 'Builtin'])
      expect(faultsOf({ extractor: wrong }), wrong).to.have.length(1)
  })

  it('says every fault in one sentence that names its source', async () => {
    await writeFile(join(root, 'bad.json'), JSON.stringify({ prot: 1, workers: 0 }))
    expect(
      faultsOf({ config: 'bad.json', port: '70000' }, { PORTCULLIS_LOG_LEVEL: 'loud', PORTCULLIS_PROT: '1' }),
    ).to.deep.equal([
      '"prot" is not a setting',
      'workers in the configuration file must be a whole number from 1 to 256, not 0',
      'PORTCULLIS_PROT is not a setting',
      'PORTCULLIS_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
      '--port must be a whole number from 0 to 65535, not "70000"',
    ])
  })

  it('refuses numbers that are written in another way', () => {
    for (const port of ['-1', '1.5', '1e3', ' 1', '0x10', '']) expect(faultsOf({ port }), port).to.have.length(1)
  })

  it('refuses a file that is not there, not JSON, not an object, or too long', async () => {
    const contents = { 'text.json': 'port = 1', 'list.json': '[]', 'long.json': `{"host": "${'a'.repeat(70_000)}"}` }
    for (const [name, content] of Object.entries(contents)) await writeFile(join(root, name), content)
    for (const config of ['absent.json', ...Object.keys(contents)])
      expect(faultsOf({ config }), config).to.deep.equal([
        'the configuration file must be a readable file that holds one JSON object',
      ])
  })

  it('refuses half of a TLS pair, a client CA alone, and files that are not there', async () => {
    await writeFile(join(root, 'a.pem'), '')
    expect(faultsOf({ tlsCert: 'a.pem' })[0]).to.include('give both --tls-cert and --tls-key')
    expect(faultsOf({ tlsClientCa: 'a.pem' })[0]).to.include('--tls-client-ca needs')
    expect(faultsOf({ tlsCert: 'a.pem', tlsKey: 'b.pem' })).to.deep.equal(['--tls-key names a file that is not there'])
    expect(read({ tlsCert: 'a.pem', tlsKey: 'a.pem' }).tls).to.deep.equal({
      certFile: join(root, 'a.pem'),
      keyFile: join(root, 'a.pem'),
      clientCaFile: null,
    })
  })

  it('cannot be changed afterwards', () => {
    expect(() => Object.assign(read(), { port: 1 })).to.throw(TypeError)
  })
})
