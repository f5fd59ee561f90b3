import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { DomainError, invalid, type ErrorCode } from '../../src/domain/errors.js'
import { failedCall, INTERNAL_MESSAGE, STATUS_OF, statusOf } from '../../src/api/status.js'
import { detailsOf } from './support/details.js'
import { packageRoot } from './support/package-root.js'

// Goal: what a caller is told of each error. Method: the details are decoded again from the trailer's bytes.
describe('statusOf()', () => {
  it('tells code, sentence, reason, what was expected and got, and the call id', () => {
    const told = toldOf(new DomainError('SUBJECT_EXISTS', 'a new subject', 'one that exists'))
    expect(told.code).to.equal(Code.ALREADY_EXISTS)
    expect(told.message).to.equal('expected a new subject, got one that exists')
    expect(told.errorInfo).to.deep.equal({
      reason: 'SUBJECT_EXISTS',
      domain: 'portcullis',
      metadata: { expected: 'a new subject', got: 'one that exists' },
    })
    expect(told.requestInfo?.requestId).to.equal('call-1')
    expect(told.badRequest).to.equal(undefined)
    expect(told.preconditionFailure).to.equal(undefined)
    expect(told.retryInfo).to.equal(undefined)
  })

  it('names the field that is wrong', () => {
    const told = toldOf(invalid('policy.minimum_quality', '0 to 100', '101'))
    expect(told.badRequest?.fieldViolations).to.deep.equal([
      { field: 'policy.minimum_quality', description: 'expected 0 to 100, got 101' },
    ])
  })

  it('gives every reason of a refusal, the worst first, and not as a wrong field', () => {
    const reasons = ['The face is too dark.', 'The face is turned away.']
    const told = toldOf(new DomainError('QUALITY_TOO_LOW', 'a', 'b', { field: 'encounter.samples[1]', reasons }))
    expect(told.code).to.equal(Code.FAILED_PRECONDITION)
    expect(told.badRequest).to.equal(undefined)
    expect(told.preconditionFailure?.violations).to.deep.equal([
      { type: 'QUALITY_TOO_LOW', subject: 'encounter.samples[1]', description: 'The face is too dark.' },
      { type: 'QUALITY_TOO_LOW', subject: 'encounter.samples[1]', description: 'The face is turned away.' },
    ])
  })

  it('gives a refusal without sentences its message as the reason', () => {
    const told = toldOf(new DomainError('MODEL_MISMATCH', 'a template of one space', 'one of another'))
    expect(told.preconditionFailure?.violations).to.deep.equal([
      { type: 'MODEL_MISMATCH', subject: '', description: 'expected a template of one space, got one of another' },
    ])
  })

  it('says when to try again after an overload, and after none', () => {
    const delay = (retryAfterMs?: number) =>
      toldOf(new DomainError('OVERLOADED', 'a', 'b', retryAfterMs === undefined ? {} : { retryAfterMs })).retryInfo
        ?.retryDelay
    expect(delay(2_250)).to.deep.equal({ seconds: 2, nanos: 250_000_000 })
    expect(delay(0)).to.deep.equal({ seconds: 0, nanos: 0 })
    expect(delay()).to.deep.equal({ seconds: 1, nanos: 0 })
  })

  it('tells nothing of a bug but the call id', () => {
    for (const bug of [new TypeError('the secret'), 'the secret', undefined, { code: 'NO_FACE' }]) {
      const status = statusOf(bug, 'call-1')
      expect(status).to.deep.include({ code: Code.INTERNAL, message: INTERNAL_MESSAGE })
      const { metadata } = failedCall(status)
      expect(metadata.get('grpc-status-details-bin')[0]?.toString()).to.not.contain('secret')
      const { requestInfo, ...others } = detailsOf(failedCall(status))
      expect(requestInfo?.requestId).to.equal('call-1')
      expect(others).to.deep.equal({ code: Code.INTERNAL, message: INTERNAL_MESSAGE })
    }
  })

  it('stays below 8 KiB, the least that clients accept, however many reasons there are', () => {
    const reasons = Array.from({ length: 1_000 }, () => 'Turn the head until both ears are equally visible. '.repeat(3))
    const { metadata } = failedCall(statusOf(new DomainError('QUALITY_TOO_LOW', 'a', 'b', { reasons }), 'call-1'))
    const encoded = (metadata.get('grpc-status-details-bin')[0] as Buffer).toString('base64')
    expect(encoded.length).to.be.lessThan(8 * 1024)
  })
})

// Goal: callers find every reason with its status. Method: the rows of the document against the table of the code.
describe('docs/errors.md', () => {
  it('lists every reason once, in the order of the code, with the status that callers get', () => {
    const text = readFileSync(join(packageRoot, 'docs', 'errors.md'), 'utf8')
    const rows = [...text.matchAll(/^\| `([A-Z_]+)` +\| `([A-Z_]+)` +\| (.+?) +\|$/gm)]
    expect(rows.map(([, reason, status]) => [reason, status])).to.deep.equal(
      Object.entries(STATUS_OF).map(([reason, code]) => [reason, Code[code]]),
    )
    for (const [, reason, , advice] of rows) expect(advice, reason).to.have.length.greaterThan(20)
  })

  it('gives each reason the status that its name promises', () => {
    for (const [reason, code] of Object.entries(STATUS_OF) as [ErrorCode, Code][]) {
      if (reason.endsWith('_NOT_FOUND')) expect(code, reason).to.equal(Code.NOT_FOUND)
      if (reason.endsWith('_EXISTS')) expect(code, reason).to.equal(Code.ALREADY_EXISTS)
      if (reason in Code) expect(Code[code], reason).to.equal(reason)
    }
  })
})

function toldOf(error: DomainError) {
  return detailsOf(failedCall(statusOf(error, 'call-1')))
}
