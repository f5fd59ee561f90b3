import { expect } from 'chai'
import fc from 'fast-check'
import { SlotTable } from '../../../src/engines/search/slot-table.js'

// Goal: the table finds every reference that is in it, and no other. Method: cases by hand, then any sequence of changes
// against a Map.
function tableOf(...referenceIds: readonly number[]): SlotTable {
  const table = new SlotTable()
  for (const referenceId of referenceIds) table.append(referenceId, referenceId % 10)
  return table
}

const slots = (table: SlotTable, ...ids: readonly number[]) => ids.map((id) => table.slotOf(id))

/** The live ids in the order of slots. */
function liveIds(table: SlotTable): readonly number[] {
  return Array.from({ length: table.length }, (_, slot) => slot)
    .filter((slot) => table.isLive(slot))
    .map((slot) => table.referenceId(slot))
}

describe('SlotTable', () => {
  it('gives each reference the next slot', () => {
    const table = tableOf(3, 7, 20)
    expect(slots(table, 3, 7, 20, 1, 5, 21)).to.deep.equal([0, 1, 2, undefined, undefined, undefined])
    expect([table.length, table.liveCount]).to.deep.equal([3, 3])
  })

  it('finds strays: ids that come back out of order', () => {
    const table = tableOf(10, 20, 5, 15, 30, 1)
    expect(slots(table, 10, 20, 5, 15, 30, 1)).to.deep.equal([0, 1, 2, 3, 4, 5])
    expect(liveIds(table)).to.deep.equal([10, 20, 5, 15, 30, 1])
  })

  it('takes an id back that was removed: in a new slot', () => {
    const table = tableOf(1, 2, 3)
    expect(table.remove(3)).to.equal(2)
    expect(table.append(3, 7)).to.equal(3)
    expect(table.remove(2)).to.equal(1)
    expect(table.append(2, 8)).to.equal(4)
    expect(slots(table, 1, 2, 3)).to.deep.equal([0, 4, 3])
    expect(liveIds(table)).to.deep.equal([1, 3, 2])
    expect([table.tag(3), table.tag(4)]).to.deep.equal([7, 8])
  })

  it('does not find what was removed, stray or not, and removing it again changes nothing', () => {
    const table = tableOf(10, 20, 5)
    expect([table.remove(5), table.remove(20), table.remove(20), table.remove(6)]).to.deep.equal([
      2,
      1,
      undefined,
      undefined,
    ])
    expect(liveIds(table)).to.deep.equal([10])
    expect([table.length, table.liveCount]).to.deep.equal([3, 1])
    expect([table.setTag(20, 1), table.setTag(10, 4)]).to.deep.equal([false, true])
    expect(table.tag(0)).to.equal(4)
  })

  it('refuses an id twice, and what is no id', () => {
    const table = tableOf(1, 5, 3)
    for (const id of [1, 5, 3]) expect(() => table.append(id, 0), String(id)).to.throw(RangeError, 'once')
    for (const id of [0, -1, 1.5, NaN, 2 ** 53]) expect(() => table.append(id, 0), String(id)).to.throw(RangeError)
    expect(table.length).to.equal(3)
  })

  it('holds ids up to 2^53 − 1', () => {
    const last = Number.MAX_SAFE_INTEGER
    const table = tableOf(1, last)
    table.append(2, 0)
    expect(slots(table, last, 2)).to.deep.equal([1, 2])
    expect(table.remove(last)).to.equal(1)
    expect(table.append(last, 0)).to.equal(3)
    expect(slots(table, last, last - 1)).to.deep.equal([3, undefined])
  })

  it('agrees with a Map through any sequence of changes', () => {
    const change = fc.record({
      kind: fc.constantFrom('append', 'append', 'remove', 'setTag'),
      id: fc.integer({ min: 1, max: 40 }),
      tag: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    })
    const property = fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const table = new SlotTable()
      const expected = new Map<number, number>()
      for (const { kind, id, tag } of changes) {
        if (kind === 'remove') expect(table.remove(id) !== undefined).to.equal(expected.delete(id))
        else if (kind === 'setTag') expect(table.setTag(id, tag)).to.equal(expected.has(id))
        else if (!expected.has(id)) table.append(id, tag)
        if (kind === 'append' ? !expected.has(id) : kind === 'setTag' && expected.has(id)) expected.set(id, tag)
        expect(new Map(liveIds(table).map((live) => [live, table.tag(table.slotOf(live)!)]))).to.deep.equal(expected)
        expect(table.liveCount).to.equal(expected.size)
      }
    })
    fc.assert(property, { numRuns: 200, seed: 3 })
  })

  it('grows to tens of thousands, in 15 bytes a row at most', () => {
    const table = tableOf(...Array.from({ length: 50_000 }, (_, n) => 3 * n + 1))
    expect(slots(table, 1, 3 * 49_999 + 1, 3 * 20_000 + 1, 2)).to.deep.equal([0, 49_999, 20_000, undefined])
    expect(table.bytes / 50_000).to.be.at.most(15)
  })
})
