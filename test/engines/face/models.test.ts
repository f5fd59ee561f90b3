import { expect } from 'chai'
import type { DomainError } from '../../../src/domain/errors.js'
import type { Manifest, ModelRole } from '../../../src/domain/models.js'
import { chooseFaceModels, modelName } from '../../../src/engines/face/models.js'
import { MANIFEST } from '../../support/weights.js'

// Goal: what runs, and how a space is named. Method: the shipped manifest with parts of it "installed".
const ALL = new Set(MANIFEST.models.map((model) => model.id))
const without = (...ids: readonly string[]) => new Set([...ALL].filter((id) => !ids.includes(id)))
const ofRoles = (...roles: readonly ModelRole[]) =>
  MANIFEST.models.filter(({ role }) => roles.includes(role)).map(({ id }) => id)
const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as DomainError).code
  }
  return 'no error'
}

/** The shipped manifest with one change in its first default space. */
function withSpace(change: Partial<Manifest['spaces'][number]>): Manifest {
  const spaces = MANIFEST.spaces.map((space) =>
    space.id === MANIFEST.defaultSpaces[0] ? { ...space, ...change } : space,
  )
  return { ...MANIFEST, spaces }
}
const algorithmOf = (manifest: Manifest, installed = ALL) => chooseFaceModels(manifest, installed, '').algorithm

describe('chooseFaceModels()', () => {
  it('takes the first default space when all is installed, and every optional model', () => {
    const models = chooseFaceModels(MANIFEST, ALL, '')
    expect(models.space.id).to.equal(MANIFEST.defaultSpaces[0])
    expect(models.recognisers.map(({ id }) => id)).to.deep.equal(models.space.members.map(({ modelId }) => modelId))
    expect(models.quality?.role).to.equal('face-quality')
    expect(models.headPose?.role).to.equal('head-pose')
  })

  it('takes a later default space when a recogniser of the first is missing', () => {
    const missing = MANIFEST.spaces.find(({ id }) => id === MANIFEST.defaultSpaces[0])?.members.at(-1)?.modelId ?? ''
    const models = chooseFaceModels(MANIFEST, without(missing), '')
    expect(MANIFEST.defaultSpaces.slice(1)).to.include(models.space.id)
    expect(models.recognisers.map(({ id }) => id)).to.not.include(missing)
  })

  it('does without quality and pose models', () => {
    const models = chooseFaceModels(MANIFEST, without(...ofRoles('face-quality', 'head-pose')), '')
    expect([models.quality, models.headPose]).to.deep.equal([null, null])
  })

  it('says which command mends a missing detector or missing recognisers', () => {
    for (const installed of [
      new Set<string>(),
      without(...ofRoles('face-detector')),
      new Set(ofRoles('face-detector')),
    ]) {
      expect(codeOf(() => chooseFaceModels(MANIFEST, installed, ''))).to.equal('MODEL_NOT_INSTALLED')
      expect(() => chooseFaceModels(MANIFEST, installed, '')).to.throw('npx portcullis models install')
    }
    const wanted = MANIFEST.defaultSpaces[0] ?? ''
    expect(codeOf(() => chooseFaceModels(MANIFEST, new Set(ofRoles('face-detector')), wanted))).to.equal(
      'MODEL_NOT_INSTALLED',
    )
  })

  it('refuses a space that the manifest does not have', () => {
    expect(codeOf(() => chooseFaceModels(MANIFEST, ALL, 'no-such-space'))).to.equal('INVALID_ARGUMENT')
  })
})

describe('the name of a space', () => {
  const shipped = algorithmOf(MANIFEST)

  it('is the space’s id and twelve hex digits', () => {
    expect(shipped.algorithm).to.match(new RegExp(`^${shipped.spaceId}@[0-9a-f]{12}$`))
    expect(algorithmOf(MANIFEST)).to.deep.equal(shipped)
  })

  it('changes with whatever changes features: weights, mirror averaging, a recogniser’s file', () => {
    const space = MANIFEST.spaces.find(({ id }) => id === shipped.spaceId)
    if (space === undefined) throw new Error('the default space is missing')
    const changed = [
      withSpace({ mirror: !space.mirror }),
      withSpace({ members: space.members.map((member, i) => ({ ...member, weight: member.weight + i + 1 })) }),
      withSpace({ members: space.members.toReversed() }),
      {
        ...MANIFEST,
        models: MANIFEST.models.map((model) => ({ ...model, sha256: model.sha256.replace(/^.{4}/, '0000') })),
      },
    ].map((manifest) => algorithmOf(manifest).algorithm)
    expect(new Set([shipped.algorithm, ...changed]).size).to.equal(changed.length + 1)
  })

  it('does not change with the quality and pose models, nor with the operating points', () => {
    const bare = algorithmOf(MANIFEST, without(...ofRoles('face-quality', 'head-pose')))
    expect(bare.algorithm).to.equal(shipped.algorithm)
    expect(bare.modelIds).to.have.length(shipped.modelIds.length - 2)
    const measured = algorithmOf(withSpace({ operatingPoints: [{ fmr: 0.01, score: 0.1 }], defaultFmr: 0.01 }))
    expect(measured.algorithm).to.equal(shipped.algorithm)
  })

  it('lists every model that takes part, by name and hash', () => {
    for (const name of shipped.modelIds)
      expect(MANIFEST.models.map(modelName), `${name} is a model of the manifest`).to.include(name)
  })
})
