/**
 * C0 and C1 controls (terminal escapes begin with one), line and paragraph separators, and the marks that turn the
 * direction of text: all of them can make a terminal show something other than what is there.
 */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Text from data, made safe for a terminal: what could steer it becomes visible, as in "\u001b[2J". */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
