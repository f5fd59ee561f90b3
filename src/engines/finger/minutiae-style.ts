import type { MinutiaType } from '../../domain/finger.js'

/**
 * Marks around the origin, pointing along +x, in pixels of 500 dpi (ridges are about 9 apart). The shape alone tells the
 * type, so that drawings read in grey as well.
 */
export const MARK_PATHS: Readonly<Record<MinutiaType, string>> = {
  ending: 'M3 0A3 3 0 1 1 -3 0A3 3 0 1 1 3 0ZM3 0H11',
  bifurcation: 'M4 0L-3 3.6V-3.6ZM4 0H11',
  other: 'M3.4 0L0 3.4L-3.4 0L0 -3.4ZM3.4 0H11',
}

/** Bands of quality with their classes, in the legend's order. */
export const QUALITY_BANDS = [
  { name: 'pm-q1', label: '1–20', max: 20 },
  { name: 'pm-q2', label: '21–40', max: 40 },
  { name: 'pm-q3', label: '41–60', max: 60 },
  { name: 'pm-q4', label: '61–80', max: 80 },
  { name: 'pm-q5', label: '81–100', max: 100 },
  { name: 'pm-q0', label: 'none', max: 0 },
] as const

/** @param quality 0 to 100; 0 when not reported */
export function qualityClass(quality: number): string {
  if (quality === 0) return 'pm-q0'
  return QUALITY_BANDS.find(({ max }) => quality <= max)?.name ?? 'pm-q5'
}

/** Red to blue, poor to good: told apart by people who do not tell red from green. Each: on light, on dark paper. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  'pm-q0': ['#7d7d78', '#a3a39c'],
  'pm-q1': ['#b2182b', '#ff7b72'],
  'pm-q2': ['#c45a0c', '#ffa657'],
  'pm-q3': ['#8a6d00', '#e3c341'],
  'pm-q4': ['#1b7f79', '#56d4c8'],
  'pm-q5': ['#1f5fbf', '#79b8ff'],
}

/** The light theme, and the dark one for viewers that ask for it. No variables: librsvg knows none. */
export const MINUTIA_STYLE = [
  '.pm-page{fill:#f4f2ec}.pm-paper{fill:#fff;stroke:#d5d1c6}.pm-text{font:9px system-ui,sans-serif;fill:#3b3b38}',
  '.pm-mark{fill:none;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}.pm-plain{stroke:#3b3b38}',
  '.pm-bar{fill:none;stroke:#3b3b38}',
  rules(0),
  '@media (prefers-color-scheme:dark){.pm-page{fill:#16181c}.pm-paper{fill:#0d0f12;stroke:#33373d}',
  `.pm-text{fill:#d6d6d0}.pm-plain,.pm-bar{stroke:#d6d6d0}${rules(1)}}`,
].join('')

function rules(theme: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([name, colours]) => `.pm-mark.${name}{stroke:${colours[theme]}}.pm-swatch.${name}{fill:${colours[theme]}}`)
    .join('')
}
