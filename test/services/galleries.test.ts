import { expect } from 'chai'
import { DEFAULT_POLICY } from '../../src/domain/gallery.js'
import { DAY_MS, errorOf, ONCE, ServiceBench } from '../support/service-bench.js'

// Goal: rules of watchlists, and that their retention takes effect. Method: real services over a real data file.
describe('GalleryService and RetentionService', () => {
  let bench: ServiceBench

  beforeEach(async () => {
    bench = await ServiceBench.open()
    await bench.addGallery('watchlist', { retentionDays: 30 })
    await bench.addGallery('partners')
  })
  afterEach(() => bench.close())

  const fields = { id: 'customs', owner: 'Customs', purpose: 'Act 12', policy: DEFAULT_POLICY }

  it('creates, shows and counts', async () => {
    const created = await bench.galleries.create(fields, ONCE)
    expect(created).to.deep.include({ ...fields, createdAtMs: bench.clock.nowMs, updatedAtMs: bench.clock.nowMs })
    await bench.enrol('s1', 0, ['customs'])
    expect(await bench.galleries.get('customs')).to.deep.equal({ ...created, subjectCount: 1, referenceCount: 1 })
  })

  it('refuses what exists and what is not complete', async () => {
    await bench.galleries.create(fields, ONCE)
    expect(await errorOf(bench.galleries.create(fields, ONCE))).to.have.property('code', 'GALLERY_EXISTS')
    const anonymous = bench.galleries.create({ ...fields, id: 'x', owner: ' ' }, ONCE)
    expect(await errorOf(anonymous)).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'owner' })
    expect(await errorOf(bench.galleries.update({ ...fields, id: 'x' }, ONCE))).to.have.property(
      'code',
      'GALLERY_NOT_FOUND',
    )
  })

  it('is idempotent by request id', async () => {
    const mutation = { requestId: 'r1', fingerprint: 'f' }
    const first = await bench.galleries.create(fields, mutation)
    bench.clock.nowMs += 5
    expect(await bench.galleries.create(fields, mutation)).to.deep.equal(first)
  })

  it('lists in alphabetical order', async () => {
    const { items } = await bench.galleries.list({ pageSize: 0, pageToken: '' })
    expect(items.map(({ id }) => id)).to.deep.equal(['partners', 'watchlist'])
  })

  it('deletes with members where that is said; searches then know nothing of it', async () => {
    await bench.enrol('s1', 0, ['watchlist', 'partners'])
    const refused = bench.galleries.delete('watchlist', false, ONCE)
    expect(await errorOf(refused)).to.have.property('code', 'GALLERY_NOT_EMPTY')
    await bench.galleries.delete('watchlist', true, ONCE)
    expect(await errorOf(bench.identify(0, ['watchlist']))).to.have.property('code', 'GALLERY_NOT_FOUND')
    expect(await bench.found(0, ['partners'])).to.deep.equal(['s1'])
    await bench.addGallery('watchlist') // a new one of the same name is empty
    expect(await bench.found(0, ['watchlist'])).to.deep.equal([])
  })

  it('ends memberships past retention at the start, in the index too', async () => {
    await bench.enrol('only-here', 0, ['watchlist'])
    await bench.enrol('elsewhere-too', 1, ['watchlist', 'partners'])
    bench.clock.nowMs += 30 * DAY_MS - 1
    await bench.retention.start()
    expect(await bench.found(0, ['watchlist'])).to.deep.equal(['only-here', 'elsewhere-too'])

    bench.clock.nowMs += 1
    expect(await bench.retention.purge()).to.deep.equal({ membershipCount: 2, subjectCount: 1, probeCount: 0 })
    expect(await bench.found(0, ['watchlist'])).to.deep.equal([])
    expect(await bench.found(0, ['partners'])).to.deep.equal(['elsewhere-too'])
    expect(await errorOf(bench.enrolment.getSubject('only-here'))).to.have.property('code', 'SUBJECT_NOT_FOUND')
    expect(bench.references.size).to.equal(1)
  })
})
