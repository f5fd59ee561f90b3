import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { manifestJsonSchema } from '../../../src/adapters/manifest/json-schema.js'
import { parseManifest, readManifest } from '../../../src/adapters/manifest/read-manifest.js'
import { DomainError } from '../../../src/domain/errors.js'
import { PACKAGE_ROOT } from '../../support/weights.js'

// Goal: a wrong manifest says what is wrong with which part. Method: one change to the shipped one for each fault.
const FILE = join(PACKAGE_ROOT, 'models', 'manifest.json')

type Json = Record<string, unknown>

/**
 * The shipped manifest with another value at a path of keys and indexes ("models.0.id"); undefined removes the part.
 * A role among the models ("models.face-quality.outputs") stands for the first model of that role.
 */
function changed(path: string, value: unknown): Json {
  const manifest = JSON.parse(readFileSync(FILE, 'utf8')) as Json
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const part = keys.reduce((at: Json, key) => (at[key] ?? ofRole(at, key)) as Json, manifest)
  if (value === undefined) Reflect.deleteProperty(part, last)
  else part[last] = value
  return manifest
}

function ofRole(models: Json, role: string): unknown {
  return Object.values(models).find((model) => (model as Json).role === role)
}

function faultOf(value: unknown): string {
  try {
    parseManifest(value)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    expect(error.code).to.equal('PARSE_ERROR')
    expect(error.expected).to.equal('a valid model manifest')
    return error.got
  }
  throw new Error('the fault was not found')
}

describe('readManifest()', () => {
  it('reads the shipped manifest', () => {
    const manifest = readManifest(FILE)
    expect(manifest.models.map(({ role }) => role)).to.include.members(['face-detector', 'face-recogniser'])
    expect(manifest.defaultSpaces.length).to.be.at.least(1)
  })

  it('says that a file is missing or no JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portcullis-manifest-'))
    try {
      expect(() => readManifest(join(folder, 'none.json'))).to.throw('a model manifest in JSON, got an unreadable file')
      await writeFile(join(folder, 'broken.json'), '{ "models": [')
      expect(() => readManifest(join(folder, 'broken.json'))).to.throw(DomainError, 'a model manifest in JSON')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('parseManifest()', () => {
  const first = (list: 'models' | 'spaces') => readManifest(FILE)[list][0]?.id
  const faults: Record<string, readonly [path: string, value: unknown, says: RegExp]> = {
    'no models': ['models', undefined, /at models$/],
    'no model at all': ['models', [], /at models$/],
    'a part that nobody knows': ['model', [], /"model"/],
    'an unknown part of a model': ['models.1.widthPx', 3, /"widthPx".*at models\[1\]/],
    'an id with capitals': ['models.0.id', 'YuNet', /an id of a-z 0-9 \. -.*at models\[0\]\.id/],
    'an unknown role': ['models.0.role', 'cat-detector', /at models\[0\]\.role/],
    'an unknown kind': ['models.0.kind', 'resnet', /at models\[0\]\.kind/],
    'a file with a path': ['models.2.file', '../x.onnx', /a plain file name.*at models\[2\]\.file/],
    'a folder of shipped weights with a path': [
      'models.0.shippedIn',
      '../x',
      /beside the manifest.*at models\[0\]\.shippedIn/,
    ],
    'a short sha256': ['models.0.sha256', 'abc', /64 hex digits.*at models\[0\]\.sha256/],
    'no bytes': ['models.0.bytes', 0, /at models\[0\]\.bytes/],
    'no licence': ['models.0.licence', '', /at models\[0\]\.licence/],
    'a deviation of zero': ['models.0.input.std', [1, 0, 1], /greater than 0.*at models\[0\]\.input\.std/],
    'a mean of two channels': ['models.0.input.mean', [0, 0], /at models\[0\]\.input\.mean/],
    'another colour order': ['models.0.input.colourOrder', 'GRB', /at models\[0\]\.input\.colourOrder/],
    'a template of four points': ['models.1.alignment.points.4', undefined, /at models\[1\]\.alignment\.points/],
    'an upstream without TLS': ['models.0.upstream.url', 'http://example.org/x', /at models\[0\]\.upstream\.url/],
    'two models of one id': ['models.1.id', first('models'), /models names .* twice/],
    'two spaces of one id': ['spaces.1.id', first('spaces'), /spaces names .* twice/],
    'a recogniser without its output': ['models.face-recogniser.outputs', {}, /names no output "features"/],
    'a quality model without its output': ['models.face-quality.outputs', {}, /names no output "quality"/],
    'a pose model without an angle': ['models.head-pose.outputs.pitch', undefined, /names no output "pitch"/],
    'a recogniser without an alignment': ['models.face-recogniser.alignment', null, /needs an alignment/],
    'a recogniser of any size': ['models.face-recogniser.input.widthPx', null, /a fixed input size/],
    'a recogniser without a feature count': ['models.face-recogniser.featureCount', null, /needs a featureCount/],
    'a quality model without a range': ['models.face-quality.nativeRange', null, /needs a nativeRange/],
    'a space without members': ['spaces.0.members', [], /at spaces\[0\]\.members/],
    'a weight of zero': ['spaces.0.members.0.weight', 0, /at spaces\[0\]\.members\[0\]\.weight/],
    'a member that is no model': ['spaces.0.members.0.modelId', 'none', /has the member none, which is no recogniser/],
    'a member that is a detector': ['spaces.0.members.0.modelId', first('models'), /which is no recogniser/],
    'an FMR of 1': ['spaces.0.operatingPoints.0.fmr', 1, /at spaces\[0\]\.operatingPoints\[0\]\.fmr/],
    'a score beyond a cosine': ['spaces.0.operatingPoints.0.score', 1.5, /at spaces\[0\]\.operatingPoints\[0\]\.score/],
    'a default FMR without its point': ['spaces.0.defaultFmr', 0.123, /no operating point for its defaultFmr/],
    'a calibration with a path': [
      'spaces.0.calibration',
      '../x.json',
      /a plain file name.*at spaces\[0\]\.calibration/,
    ],
    'an unknown default space': ['defaultSpaces.0', 'none', /defaultSpaces names the unknown space none/],
    'no default space': ['defaultSpaces', [], /at defaultSpaces/],
  }

  for (const [title, [path, value, says]] of Object.entries(faults))
    it(`refuses ${title}, and says where`, () => {
      const sentence = faultOf(changed(path, value))
      expect(sentence).to.match(says)
      expect(sentence).to.not.contain('\n')
    })

  it('finds shipped weights in their folder beside the manifest, and says nothing of a folder for others', () => {
    const [shipped, installed] = parseManifest(changed('models.0.shippedIn', 'own'), '/package/models').models
    expect(shipped?.shippedFolder).to.equal('/package/models/own')
    expect(installed).to.not.have.property('shippedFolder')
  })

  it('names every fault of form at once', () => {
    const [space] = readManifest(FILE).spaces
    const both = { ...changed('models.0.role', 'cat'), spaces: [{ ...space, mirror: 'yes' }] }
    const sentence = faultOf(both)
    expect(sentence).to.contain('models[0].role').and.contain('spaces[0].mirror')
  })

  it('refuses what is no object', () => {
    for (const value of [null, 7, 'text', []]) expect(faultOf(value)).to.be.a('string')
  })
})

describe('models/manifest.schema.json', () => {
  const read = (name: string) => readFileSync(join(PACKAGE_ROOT, 'models', name), 'utf8')

  it('is what the code makes (mend it with: node dist/scripts/manifest-schema.js)', () => {
    expect(JSON.parse(read('manifest.schema.json'))).to.deep.equal(JSON.parse(manifestJsonSchema()))
  })

  it('is named by the manifest, so that editors use it', () => {
    expect(JSON.parse(read('manifest.json'))).to.have.property('$schema', './manifest.schema.json')
  })
})
