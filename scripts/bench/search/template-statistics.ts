import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openFacePool, readInstallation } from '../../../src/compose-service.js'
import { readConfig } from '../../../src/config.js'
import { backgroundContext } from '../../../src/domain/context.js'
import type { FaceAnalyser } from '../../../src/domain/ports.js'
import { dot } from '../../../src/domain/template.js'
import { parsePairs } from '../../../src/services/evaluation/pairs.js'

/** What made-up templates have in common with real ones. */
export interface TemplateStatistics {
  /** Mean and standard deviation of the cosine of two samples of one identity. */
  readonly matedCosine: number
  readonly matedCosineDeviation: number
  /** Variances along the axes fall as (i + 1)^−exponent. */
  readonly spectrumExponent: number
  /** Where the numbers are from, as a sentence. */
  readonly source: string
}

const POWER_LAW: TemplateStatistics = {
  matedCosine: 0.65,
  matedCosineDeviation: 0,
  spectrumExponent: 0.5,
  source:
    'Made-up templates: a power-law spectrum (exponent 0.5) and mated cosines about 0.65; no real templates were there.',
}

/** Two images of each of so many people: 40 s on one core. */
const PEOPLE = 150
/** Halvings of the interval of exponents: to 1e-9. */
const BISECTIONS = 32
const EXPONENT_MAX = 4

/** Fitted to LFW's development view where it and the weights are there (`LFW_DEV` names its folder), else the power law. */
export async function templateStatistics(root: string): Promise<TemplateStatistics> {
  const folder = resolve(root, process.env.LFW_DEV ?? join('..', 'shared', 'data', 'lfw-dev'))
  const config = readConfig({ flags: {}, environment: process.env, currentFolder: root, packageRoot: root })
  const installation = await readInstallation(root, config).catch(() => null)
  if (installation === null || !existsSync(folder)) return POWER_LAW
  const analyser = await openFacePool(installation.models, config)
  try {
    return fitted(
      await matedPairs(analyser, folder),
      analyser.algorithm.featureCount,
      installation.models.algorithm.algorithm,
    )
  } finally {
    await analyser.close()
  }
}

type Pair = readonly [Float32Array, Float32Array]

/** Templates of two images each of different people; images without a face are left out. */
async function matedPairs(analyser: FaceAnalyser, folder: string): Promise<readonly Pair[]> {
  const { pairs } = parsePairs(await readFile(join(folder, 'pairsDevTrain.txt'), 'utf8'))
  const ofPerson = new Map(pairs.filter(({ mated }) => mated).map((pair) => [pair.probe.split('/')[0], pair]))
  const extract = async (name: string) => {
    const image = await readFile(join(folder, 'images', name))
    const request = { image, multiFace: 'most-central', minimumQuality: 0, purpose: 'template' } as const
    const analysis = await analyser.analyse(request, backgroundContext('bench'))
    return analysis.outcome === 'extracted' ? (analysis.extracted[0]?.template.features ?? null) : null
  }
  const found: Pair[] = []
  for (const { probe, reference } of [...ofPerson.values()].slice(0, PEOPLE)) {
    const [a, b] = await Promise.all([extract(probe), extract(reference)])
    if (a && b) found.push([a, b])
  }
  return found
}

/**
 * The cosines of two samples of a person say how far samples spread. Those of different people say how steep the spectrum is:
 * the mean square of the cosine of two random unit vectors with variances λ is Σλ² / (Σλ)², without bias however few they are
 * (a spectrum of the samples' own covariance would be too steep by far).
 */
function fitted(pairs: readonly Pair[], featureCount: number, algorithm: string): TemplateStatistics {
  const mated = pairs.map(([a, b]) => dot(a, b))
  const nonMated = pairs.flatMap(([a], i) => pairs.slice(i + 1).map(([, b]) => dot(a, b)))
  const matedCosine = mean(mated)
  const matedCosineDeviation = Math.sqrt(mean(mated.map((cosine) => (cosine - matedCosine) ** 2)))
  const meanSquare = mean(nonMated.map((cosine) => cosine ** 2))
  const spectrumExponent = exponentOf(meanSquare, featureCount)
  const source =
    `Made-up templates with the statistics of real ones (${algorithm}, two images each of ${pairs.length} people of LFW’s ` +
    `development view): mated cosines ${matedCosine.toFixed(2)} ± ${matedCosineDeviation.toFixed(2)}; non-mated ones ` +
    `${Math.sqrt(meanSquare).toFixed(3)} in the root mean square, which is a power-law spectrum of exponent ` +
    `${spectrumExponent.toFixed(2)} (${(1 / meanSquare).toFixed(0)} effective dimensions of ${featureCount}).`
  return { matedCosine, matedCosineDeviation, spectrumExponent, source }
}

/** The steeper the spectrum, the greater Σλ² / (Σλ)²: bisection. */
function exponentOf(meanSquare: number, featureCount: number): number {
  let [low, high] = [0, EXPONENT_MAX]
  for (let i = 0; i < BISECTIONS; i++) {
    const exponent = (low + high) / 2
    const variances = Array.from({ length: featureCount }, (_, axis) => (axis + 1) ** -exponent)
    const sum = variances.reduce((a, b) => a + b, 0)
    const squares = variances.reduce((a, b) => a + b * b, 0)
    if (squares / (sum * sum) < meanSquare) low = exponent
    else high = exponent
  }
  return (low + high) / 2
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
