/** Colours of a drawing; its ground is the page's. */
export interface Theme {
  readonly text: string
  readonly line: string
  readonly grid: string
  readonly faint: string
  /** Told apart with any colour vision: blue and vermilion first (Okabe and Ito, "Color universal design", 2008). */
  readonly series: readonly string[]
}

export const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    text: '#3b4252',
    line: '#8891a3',
    grid: '#dde1e8',
    faint: '#eff1f5',
    series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7'],
  },
  dark: {
    text: '#c6ccd8',
    line: '#747d90',
    grid: '#363d4b',
    faint: '#272d38',
    series: ['#56b4e9', '#f0904a', '#2bc49a', '#dd9cc2'],
  },
}
