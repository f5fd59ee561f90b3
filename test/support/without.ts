/** A suite that lacks something: skipped with a sentence, and failed on a CI machine, which must have everything. */
export function without(title: string, what: string): void {
  const sentence = `Not tested: ${title}. It needs ${what}.`
  if (process.env.CI) {
    it(title, () => {
      throw new Error(sentence)
    })
    return
  }
  console.warn(sentence)
  describe.skip(title, () => {
    it('needs files that are not here', () => undefined)
  })
}
