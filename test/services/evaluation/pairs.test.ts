import { expect } from 'chai'
import { DomainError } from '../../../src/domain/errors.js'
import { parsePairs } from '../../../src/services/evaluation/pairs.js'

// Goal: a list of pairs is read as its author meant it, or refused with the line. Method: lists short enough to read.
function faultOf(text: string): string {
  try {
    parsePairs(text)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    expect(error.code).to.equal('PARSE_ERROR')
    return error.message
  }
  throw new Error('the list was accepted')
}

const VIEW_1 = ['2', 'Ann\t1\t2', 'Ben\t3\t14', 'Ann\t1\tBen\t2', 'Cy\t1\tDee\t1'].join('\n')

describe('parsePairs(): LFW', () => {
  it('reads view 1: mated pairs first, then non-mated ones', () => {
    const list = parsePairs(VIEW_1)
    expect(list.pairs.map(({ probe, reference, mated }) => [probe, reference, mated])).to.deep.equal([
      ['Ann/Ann_0001.jpg', 'Ann/Ann_0002.jpg', true],
      ['Ben/Ben_0003.jpg', 'Ben/Ben_0014.jpg', true],
      ['Ann/Ann_0001.jpg', 'Ben/Ben_0002.jpg', false],
      ['Cy/Cy_0001.jpg', 'Dee/Dee_0001.jpg', false],
    ])
    expect(list).to.include({ foldCount: 10, foldsFromFile: false })
  })

  it('deals view 1 into ten folds, neighbours together, both kinds alike', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `P${i}\t1\t2`)
    const others = Array.from({ length: 20 }, (_, i) => `P${i}\t1\tQ${i}\t1`)
    const { pairs } = parsePairs(['20', ...lines, ...others].join('\n'))
    const folds = Array.from({ length: 20 }, (_, i) => Math.floor(i / 2))
    expect(pairs.map(({ fold }) => fold)).to.deep.equal([...folds, ...folds])
  })

  it('reads view 2: in each fold its mated, then its non-mated pairs', () => {
    const fold = (n: number) => [`A${n}\t1\t2`, `B${n}\t1\tC${n}\t2`]
    const list = parsePairs(['3\t1', ...fold(0), ...fold(1), ...fold(2)].join('\n'))
    expect(list).to.include({ foldCount: 3, foldsFromFile: true })
    expect(list.pairs.map(({ fold: f, mated }) => [f, mated])).to.deep.equal([
      [0, true],
      [0, false],
      [1, true],
      [1, false],
      [2, true],
      [2, false],
    ])
  })

  it('takes Windows line ends, a byte order mark and empty lines at the end', () => {
    expect(parsePairs(`\uFEFF${VIEW_1.replaceAll('\n', '\r\n')}\r\n\r\n`)).to.deep.equal(parsePairs(VIEW_1))
  })

  const faults: Record<string, [text: string, line: number, expected: string]> = {
    'an empty file': ['', 1, 'the number of pairs'],
    'a first line of words': ['hello\nAnn\t1\t2', 1, 'the number of pairs'],
    'no pairs': ['0', 1, 'the number of pairs'],
    'a fraction of a pair': ['1.5\nAnn\t1\t2', 1, 'the number of pairs'],
    'a third number in the first line': ['1\t1\t1', 1, 'the number of pairs'],
    'too few lines': [VIEW_1.split('\n').slice(0, 4).join('\n'), 4, '4 pairs after the first line'],
    'too many lines': [`${VIEW_1}\nEve\t1\tFay\t1`, 6, '4 pairs after the first line'],
    'a non-mated line among the mated': [VIEW_1.replace('Ben\t3\t14', 'Ben\t3\tAnn\t1'), 3, 'name, number, number'],
    'a mated line among the non-mated': [VIEW_1.replace('Cy\t1\tDee\t1', 'Cy\t1\t2'), 5, 'name, number, name, number'],
    'spaces instead of tabs': [VIEW_1.replace('Ann\t1\t2', 'Ann 1 2'), 2, 'name, number, number'],
    'an image number of letters': [VIEW_1.replace('3\t14', '3\tx'), 3, 'a name and an image number'],
    'a name that leads out of the folder': [
      VIEW_1.replace('Ann\t1\t2', '../Ann\t1\t2'),
      2,
      'a name and an image number',
    ],
  }

  for (const [title, [text, line, expected]] of Object.entries(faults))
    it(`refuses ${title}, naming line ${line}`, () => {
      expect(faultOf(text)).to.contain(`in line ${line} of the pairs file`).and.contain(expected)
    })

  it('repeats no name of a person in its errors', () => {
    expect(faultOf(VIEW_1.replace('Ben\t3\t14', 'Ben\t3\tx'))).to.not.contain('Ben')
  })
})

describe('parsePairs(): CSV', () => {
  const HEADER = 'image_a,image_b,mated'

  it('reads names and truth as they stand', () => {
    const { pairs } = parsePairs(`${HEADER}\na/1.png,a/2.png,1\na/1.png, b/1.png ,0\n`)
    expect(pairs.map(({ probe, reference, mated }) => [probe, reference, mated])).to.deep.equal([
      ['a/1.png', 'a/2.png', true],
      ['a/1.png', 'b/1.png', false],
    ])
  })

  it('deals each kind into ten folds, wherever its lines stand', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `a${i},b${i},${i % 2}`)
    const { pairs, foldCount, foldsFromFile } = parsePairs([HEADER, ...lines].join('\n'))
    expect([foldCount, foldsFromFile]).to.deep.equal([10, false])
    const foldsOf = (mated: boolean) => pairs.filter((pair) => pair.mated === mated).map(({ fold }) => fold)
    expect(foldsOf(true)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(foldsOf(false)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('reads groups of both people, under either header', () => {
    for (const names of ['a,b', 'image_a,image_b']) {
      const { pairs } = parsePairs(`${names},mated,group_a,group_b\nx,y,1,old,old\nx,z,0,old,young`)
      expect(pairs.map(({ groups }) => groups)).to.deep.equal([
        ['old', 'old'],
        ['old', 'young'],
      ])
    }
    expect(parsePairs('a,b,mated\nx,y,1').pairs[0]?.groups).to.equal(null)
  })

  it('refuses a line without its groups, and groups without a header', () => {
    for (const line of ['x,y,1', 'x,y,1,old', 'x,y,1,old,', 'x,y,1,old,old,more'])
      expect(faultOf(`a,b,mated,group_a,group_b\n${line}`)).to.contain('group_a,group_b in line 2')
    expect(faultOf('a,b,mated\nx,y,1,old,old')).to.contain('0 or 1 in line 2')
  })

  it('reads a list without lines as no pairs', () => {
    expect(parsePairs(HEADER).pairs).to.deep.equal([])
  })

  for (const [title, line] of Object.entries({
    'a missing cell': 'a,b',
    'an empty name': ',b,1',
    'another truth': 'a,b,yes',
    'a fourth cell': 'a,b,1,x',
    'an empty line': '',
  }))
    it(`refuses ${title}, naming the line`, () => {
      expect(faultOf(`${HEADER}\nx,y,1\n${line}\nx,y,0`)).to.contain('image_a,image_b,0 or 1 in line 3')
    })

  it('refuses another header', () => {
    expect(faultOf('image_a;image_b;mated\na;b;1')).to.contain('a CSV header image_a,image_b,mated in line 1')
  })
})
