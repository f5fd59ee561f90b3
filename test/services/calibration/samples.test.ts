import { expect } from 'chai'
import { DomainError } from '../../../src/domain/errors.js'
import { filesOfFingers, filesOfPairs, filesOfPeople } from '../../../src/services/calibration/samples.js'
import { parsePairs } from '../../../src/services/evaluation/pairs.js'
import { thrownBy } from '../../engines/calibration/support/compared.js'

// Goal: who is who is never guessed. Method: lists and names of a few files.
const csv = (...rows: readonly string[]) => parsePairs(['image_a,image_b,mated', ...rows].join('\n'))

describe('The files of a calibration', () => {
  it('of pairs: every image once, its folder is the person', () => {
    expect(filesOfPairs(csv('b/1.jpg,b/2.jpg,1', 'b/1.jpg,a/1.jpg,0'))).to.deep.equal([
      { name: 'a/1.jpg', person: 'a' },
      { name: 'b/1.jpg', person: 'b' },
      { name: 'b/2.jpg', person: 'b' },
    ])
  })

  for (const row of ['a/1.jpg,b/1.jpg,1', 'a/1.jpg,a/2.jpg,0', '1.jpg,2.jpg,0'])
    it(`refuses pairs that say otherwise than the folders: ${row}`, () => {
      const error = thrownBy(() => filesOfPairs(csv(row)))
      expect(error).to.be.instanceOf(DomainError).and.include({ code: 'INVALID_ARGUMENT', field: 'pairs' })
    })

  it('of a folder of people: images in its sub-folders, and no others', () => {
    const names = ['b/1.jpg', 'a/2.PNG', 'a', 'a/notes.txt', 'loose.jpg', 'a/old/3.jpg']
    expect(filesOfPeople(names)).to.deep.equal([
      { name: 'a/2.PNG', person: 'a' },
      { name: 'b/1.jpg', person: 'b' },
    ])
    expect(thrownBy(() => filesOfPeople(['loose.jpg']))).to.include({ code: 'INVALID_ARGUMENT', field: 'folder' })
  })

  it('of fingers: the name before the last _ is the finger', () => {
    expect(filesOfFingers(['S1_left_2.fmr', 'S1_left_1.fmr', 'readme.md'])).to.deep.equal([
      { name: 'S1_left_1.fmr', person: 'S1_left' },
      { name: 'S1_left_2.fmr', person: 'S1_left' },
    ])
    expect(thrownBy(() => filesOfFingers(['readme.md']))).to.include({ code: 'INVALID_ARGUMENT', field: 'folder' })
  })
})
