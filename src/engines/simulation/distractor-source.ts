import { checkAlive, type CallContext } from '../../domain/context.js'
import type { DistractorDraw, DistractorMaker, DistractorSource, MarkedProbe } from '../../domain/distractors.js'
import { fitDistractors, PEOPLE_MAX, PEOPLE_MIN, type DistractorModel } from './distractor-model.js'
import { ModelScan, type ScanVisitor } from './model-scan.js'

/** Distractors among templates whose comparison score is the cosine: faces. */
export const cosineDistractors: DistractorMaker<Float32Array> = {
  peopleMin: PEOPLE_MIN,
  peopleMax: PEOPLE_MAX,
  fit: (templates, seed) => new DrawnDistractors(fitDistractors(templates, seed)),
}

class DrawnDistractors implements DistractorSource<Float32Array> {
  readonly #model: DistractorModel

  constructor(model: DistractorModel) {
    this.#model = model
  }

  async topScores(probes: readonly Float32Array[], draw: DistractorDraw, context: CallContext): Promise<Float64Array> {
    const tops = new TopScores(probes.length)
    await this.#scan(probes, tops, draw, context)
    return tops.scores.map((score) => this.#model.correction.toReal(score))
  }

  async countReaching(
    probes: readonly MarkedProbe<Float32Array>[],
    draw: DistractorDraw & { readonly countMax: number },
    context: CallContext,
  ): Promise<readonly Float64Array[]> {
    const { correction } = this.#model
    const marks = probes.map((probe) => probe.marks.map((mark) => correction.toDrawn(mark)))
    const reached = new ReachedMarks(marks, draw.countMax)
    await this.#scan(
      probes.map(({ features }) => features),
      reached,
      draw,
      context,
    )
    return reached.counts
  }

  async #scan(
    probes: readonly Float32Array[],
    visitor: ScanVisitor,
    { count, seed, onDrawn }: DistractorDraw,
    context: CallContext,
  ): Promise<void> {
    let drawnCount = 0
    for (const drawn of new ModelScan(this.#model.templates, probes, seed).run(count, visitor)) {
      onDrawn((drawnCount += drawn))
      await new Promise((resolve) => setImmediate(resolve)) // so that the bar is drawn and an abort is heard
      checkAlive(context)
    }
  }
}

class TopScores implements ScanVisitor {
  readonly scores: Float64Array

  constructor(probeCount: number) {
    this.scores = new Float64Array(probeCount).fill(-Infinity)
  }

  least(probe: number): number {
    return this.scores[probe]!
  }

  take(probe: number, score: number): void {
    if (score > this.scores[probe]!) this.scores[probe] = score
  }
}

class ReachedMarks implements ScanVisitor {
  readonly counts: readonly Float64Array[]
  readonly #marks: readonly (readonly number[])[]
  readonly #countMax: number

  constructor(marks: readonly (readonly number[])[], countMax: number) {
    this.#marks = marks
    this.#countMax = countMax
    this.counts = marks.map(({ length }) => new Float64Array(length))
  }

  /** The lowest mark that is not full. */
  least(probe: number): number {
    const marks = this.#marks[probe]!
    return marks.reduce((min, mark, i) => (this.counts[probe]![i]! < this.#countMax ? Math.min(min, mark) : min), Infinity)
  }

  take(probe: number, score: number): void {
    this.#marks[probe]!.forEach((mark, i) => {
      if (score >= mark && this.counts[probe]![i]! < this.#countMax) this.counts[probe]![i]!++
    })
  }
}
