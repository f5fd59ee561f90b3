import { invalid } from './errors.js'
import { LIMITS } from './limits.js'

const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/

/**
 * Checks an identifier that a caller chose: 1 to 64 characters of A–Z a–z 0–9 . _ : -, the first a letter or digit.
 * @throws DomainError INVALID_ARGUMENT naming `field`; the value itself is not repeated, it may identify a person
 */
export function checkId(field: string, value: string): string {
  if (value.length === 0) throw invalid(field, 'an identifier', 'nothing')
  if (value.length > LIMITS.idLengthMax)
    throw invalid(field, `at most ${LIMITS.idLengthMax} characters`, `${value.length} characters`)
  if (!ID_PATTERN.test(value))
    throw invalid(field, 'letters, digits and . _ : - , the first a letter or digit', 'other characters')
  return value
}

/** Checks free text: at most `LIMITS.textLengthMax` characters, no control characters. */
export function checkText(field: string, value: string): string {
  if (value.length > LIMITS.textLengthMax)
    throw invalid(field, `at most ${LIMITS.textLengthMax} characters`, `${value.length} characters`)
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(value)) throw invalid(field, 'no control characters', 'control characters')
  return value
}
