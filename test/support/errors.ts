import { expect } from 'chai'
import { DomainError, type ErrorCode } from '../../src/domain/errors.js'

/** Asserts that `work` fails as expected, and gives the error for more questions. */
export async function expectCode(code: ErrorCode, work: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DomainError)) throw new Error(`expected ${code}, got ${String(error)}`, { cause: error })
  expect(error.code, error.message).to.equal(code)
  return error
}
