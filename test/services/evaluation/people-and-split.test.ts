import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError } from '../../../src/domain/errors.js'
import { arePartsComparable, peopleOf, type Person } from '../../../src/services/evaluation/people.js'
import { splitOpenSet } from '../../../src/services/evaluation/split.js'

// Goal: who is in a folder, and who of them is enrolled. Method: folders of names, short enough to read; properties of the split over any
// folder.
function refusalOf(work: () => unknown): DomainError {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('peopleOf()', () => {
  it('takes sub-folders for people, in alphabetical order, and passes over what is no image', () => {
    const names = ['Ben/2.png', 'Ann/b.jpg', 'Ann/a.JPG', 'Ben/notes.txt', 'list.csv', 'stray.jpg', 'Cy/deep/1.jpg']
    expect(peopleOf(names, 'face')).to.deep.equal([
      {
        name: 'Ann',
        samples: [
          { name: 'Ann/a.JPG', part: '' },
          { name: 'Ann/b.jpg', part: '' },
        ],
      },
      { name: 'Ben', samples: [{ name: 'Ben/2.png', part: '' }] },
    ])
  })

  it('reads fingers of people, and FVC’s flat folder, where each finger is a person', () => {
    const [ann] = peopleOf(['Ann/left-index_1.fmr', 'Ann/left-index_2.fmr', 'Ann/right-thumb_1.png'], 'finger')
    expect(ann?.samples.map(({ part }) => part)).to.deep.equal(['left-index', 'left-index', 'right-thumb'])
    const flat = peopleOf(['101_1.fmr', '101_2.fmr', '102_1.fmr', 'readme_1.txt'], 'finger')
    expect(flat.map(({ name, samples }) => [name, samples.length])).to.deep.equal([
      ['101', 2],
      ['102', 1],
    ])
  })

  it('refuses a folder that holds nobody, saying the layout that it wants', () => {
    const error = refusalOf(() => peopleOf(['1.jpg', 'notes.txt'], 'face'))
    expect(error).to.include({ code: 'INVALID_ARGUMENT', field: 'folder', got: 'none among 2 files' })
    expect(error.expected).to.contain('sub-folders that are people')
  })

  it('compares a named finger with the same alone, and an unnamed one with all', () => {
    expect(arePartsComparable('left-index', 'left-index')).to.equal(true)
    expect(arePartsComparable('left-index', 'right-index')).to.equal(false)
    expect(arePartsComparable('7', 'right-index')).to.equal(true)
  })
})

const folder = (counts: readonly number[]): readonly Person[] =>
  counts.map((count, p) => ({
    name: `P${p}`,
    samples: Array.from({ length: count }, (_, i) => ({ name: `P${p}/${i}.jpg`, part: '' })),
  }))

describe('splitOpenSet()', () => {
  it('enrols one sample of half of the people, of those with several and those with one alike', () => {
    const split = splitOpenSet(folder([3, 3, 3, 3, 1, 1]), { seed: 1, enrolFraction: 0.5 })
    expect(split.references).to.have.length(3) // two of four, one of two
    expect(split.matedProbes).to.have.length(4) // two others of each of the two
    expect(split.nonMatedProbes).to.have.length(7) // 3 + 3 + 1
  })

  it('enrols one sample of each finger', () => {
    const names = ['A', 'B'].flatMap((p) => ['1_1', '1_2', '2_1'].map((file) => `${p}/${file}.fmr`))
    const split = splitOpenSet(peopleOf(names, 'finger'), { seed: 1, enrolFraction: 0.5 })
    expect(split.references.map(({ part }) => part)).to.deep.equal(['1', '2'])
    expect(split.matedProbes.map(({ part }) => part)).to.deep.equal(['1'])
    expect(split.nonMatedProbes).to.have.length(3)
  })

  it('deals each sample once, never one person to both sides, the same for the same seed', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 20 })
    const property = fc.property(
      counts,
      fc.nat(),
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      (more, seed, enrolFraction) => {
        const people = folder([2, 2, ...more])
        const split = splitOpenSet(people, { seed, enrolFraction })
        const dealt = [...split.references, ...split.matedProbes, ...split.nonMatedProbes].map(({ name }) => name)
        expect(dealt.sort()).to.deep.equal(people.flatMap(({ samples }) => samples.map(({ name }) => name)).sort())
        const enrolled = split.references.map(({ person }) => person)
        expect(new Set(enrolled).size).to.equal(enrolled.length)
        expect(split.matedProbes.every(({ person }) => enrolled.includes(person))).to.equal(true)
        expect(split.nonMatedProbes.some(({ person }) => enrolled.includes(person))).to.equal(false)
        expect(splitOpenSet(people, { seed, enrolFraction })).to.deep.equal(split)
      },
    )
    fc.assert(property, { seed: 5, numRuns: 100 })
  })

  it('draws other people and other samples with another seed', () => {
    const people = folder(Array.from({ length: 20 }, () => 3))
    const drawn = (seed: number) =>
      splitOpenSet(people, { seed, enrolFraction: 0.5 }).references.map(({ name }) => name)
    expect(drawn(1)).to.not.deep.equal(drawn(2))
  })

  for (const [title, counts, fraction, field, words] of [
    ['nobody twice', [1, 1, 1], 0.5, 'folder', 'holds nobody twice'],
    ['one person', [4], 0.5, 'folder', 'holds one person'],
    ['everybody enrolled', [2, 2], 1, 'enrol_fraction', 'between 0 and 1'],
    ['nobody enrolled', [2, 2], 0, 'enrol_fraction', 'between 0 and 1'],
    ['one with two samples, and he a stranger', [2, 1], 0.1, 'enrol_fraction', 'no references'],
  ] as const)
    it(`refuses ${title}`, () => {
      const error = refusalOf(() => splitOpenSet(folder(counts), { seed: 1, enrolFraction: fraction }))
      expect(error).to.include({ code: 'INVALID_ARGUMENT', field })
      expect([...error.reasons, error.message].join(' ')).to.contain(words)
    })
})
