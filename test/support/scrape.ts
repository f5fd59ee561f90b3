/** What a scrape holds: the value of each series, by the series as it stands in the text. */
export class Scrape {
  readonly #values: ReadonlyMap<string, number>

  constructor(readonly text: string) {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    this.#values = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
  }

  /** @param series as in `portcullis_index_state{state="ready"}`; undefined when it is absent */
  value(series: string): number | undefined {
    return this.#values.get(series)
  }

  /** All series of one family with their values. */
  family(name: string): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#values].filter(([series]) => series.split('{', 1)[0] === name))
  }

  /** Name, type and meaning of the families whose names begin so. */
  families(prefix: string): readonly { readonly name: string; readonly type: string; readonly help: string }[] {
    return [...this.text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)]
      .map(([, name = '', help = '', type = '']) => ({ name, type, help }))
      .filter(({ name }) => name.startsWith(prefix))
  }

  /** Names of the labels of a family's series, sorted; `le` belongs to histograms and is left out. */
  labelsOf(name: string): readonly string[] {
    const own = new RegExp(`^${name}(_bucket|_sum|_count)?(\\{|$)`)
    const names = [...this.#values.keys()]
      .filter((series) => own.test(series))
      .flatMap((series) => [...series.matchAll(/([a-z]+)="/g)].map(([, label = '']) => label))
    return [...new Set(names)].filter((label) => label !== 'le').sort()
  }
}
