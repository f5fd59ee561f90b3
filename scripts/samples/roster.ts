import type { BeardStyle } from './beard.js'
import type { Haircut } from './haircuts.js'
import type { HairColour, IrisColour } from './pigments.js'

/** The broad strokes of a sample person; everything finer comes from the seed. */
export interface Sketch {
  readonly id: string
  readonly name: string // obviously made up
  readonly sex: 'female' | 'male'
  readonly ageYears: number
  readonly melanin: number
  readonly haircut: Haircut
  readonly hairColour: HairColour
  readonly grey: number
  readonly iris: IrisColour
  readonly lidFold: number
  readonly beard?: { readonly cut: BeardStyle['cut']; readonly lengthCm: number }
  readonly recede?: number
  readonly bald?: number
  readonly glasses?: boolean
  readonly freckles?: number
  readonly lipColour?: number
  readonly seed: number // chosen among a handful so that no two people look alike to the recognisers
}

export const ENROLLED: readonly Sketch[] = [
  { id: 'S001', name: 'Sample One', sex: 'female', ageYears: 28, melanin: 0.08, haircut: 'long', hairColour: 'brown', grey: 0, iris: 'blue', lidFold: 0.9, freckles: 0.5, seed: 1 },
  { id: 'S002', name: 'Sample Two', sex: 'male', ageYears: 41, melanin: 0.95, haircut: 'buzz', hairColour: 'black', grey: 0.05, iris: 'dark', lidFold: 0.8, beard: { cut: 'goatee', lengthCm: 0.5 }, seed: 4 },
  { id: 'S003', name: 'Sample Three', sex: 'female', ageYears: 35, melanin: 0.28, haircut: 'fringe', hairColour: 'black', grey: 0, iris: 'dark', lidFold: 0.15, lipColour: 0.5, seed: 1 },
  { id: 'S004', name: 'Sample Four', sex: 'male', ageYears: 67, melanin: 0.12, haircut: 'short', hairColour: 'ash', grey: 0.9, iris: 'grey', lidFold: 0.7, recede: 0.75, bald: 0.5, glasses: true, seed: 1 },
  { id: 'S005', name: 'Sample Five', sex: 'male', ageYears: 24, melanin: 0.45, haircut: 'swept', hairColour: 'black', grey: 0, iris: 'brown', lidFold: 0.9, seed: 1 },
  { id: 'S006', name: 'Sample Six', sex: 'female', ageYears: 52, melanin: 0.62, haircut: 'bob', hairColour: 'black', grey: 0.2, iris: 'dark', lidFold: 0.9, lipColour: 0.4, seed: 2 },
  { id: 'S007', name: 'Sample Seven', sex: 'male', ageYears: 33, melanin: 0.05, haircut: 'curly', hairColour: 'red', grey: 0, iris: 'green', lidFold: 0.8, beard: { cut: 'full', lengthCm: 1.1 }, freckles: 0.8, seed: 2 },
  { id: 'S008', name: 'Sample Eight', sex: 'female', ageYears: 22, melanin: 1.05, haircut: 'afro', hairColour: 'black', grey: 0, iris: 'dark', lidFold: 0.9, seed: 5 },
  { id: 'S009', name: 'Sample Nine', sex: 'male', ageYears: 58, melanin: 0.3, haircut: 'short', hairColour: 'black', grey: 0.45, iris: 'dark', lidFold: 0.1, recede: 0.3, seed: 4 },
  { id: 'S010', name: 'Sample Ten', sex: 'female', ageYears: 70, melanin: 0.1, haircut: 'bob', hairColour: 'ash', grey: 0.95, iris: 'blue', lidFold: 0.7, glasses: true, seed: 1 },
  { id: 'S011', name: 'Sample Eleven', sex: 'male', ageYears: 37, melanin: 0.38, haircut: 'crop', hairColour: 'black', grey: 0, iris: 'brown', lidFold: 0.9, beard: { cut: 'full', lengthCm: 0.45 }, seed: 1 },
  { id: 'S012', name: 'Sample Twelve', sex: 'female', ageYears: 31, melanin: 0.16, haircut: 'waves', hairColour: 'blonde', grey: 0, iris: 'hazel', lidFold: 1, lipColour: 0.7, seed: 4 },
  { id: 'S013', name: 'Sample Thirteen', sex: 'male', ageYears: 29, melanin: 0.78, haircut: 'coils', hairColour: 'black', grey: 0, iris: 'dark', lidFold: 0.85, glasses: true, seed: 2 },
  { id: 'S014', name: 'Sample Fourteen', sex: 'female', ageYears: 45, melanin: 0.42, haircut: 'tied', hairColour: 'darkBrown', grey: 0.08, iris: 'brown', lidFold: 0.9, seed: 5 },
  { id: 'S015', name: 'Sample Fifteen', sex: 'male', ageYears: 50, melanin: 0.02, haircut: 'buzz', hairColour: 'brown', grey: 0.3, iris: 'blue', lidFold: 0.6, recede: 1, bald: 1, seed: 4 },
  { id: 'S016', name: 'Sample Sixteen', sex: 'female', ageYears: 26, melanin: 0.22, haircut: 'long', hairColour: 'black', grey: 0, iris: 'dark', lidFold: 0.3, seed: 1 },
] // prettier-ignore

export const STRANGERS: readonly Sketch[] = [
  { id: 'N001', name: 'Stranger One', sex: 'male', ageYears: 30, melanin: 0.18, haircut: 'swept', hairColour: 'brown', grey: 0, iris: 'hazel', lidFold: 0.8, beard: { cut: 'moustache', lengthCm: 0.6 }, seed: 4 },
  { id: 'N002', name: 'Stranger Two', sex: 'female', ageYears: 39, melanin: 0.85, haircut: 'tied', hairColour: 'black', grey: 0, iris: 'dark', lidFold: 0.9, seed: 2 },
  { id: 'N003', name: 'Stranger Three', sex: 'female', ageYears: 61, melanin: 0.25, haircut: 'curly', hairColour: 'darkBrown', grey: 0.5, iris: 'brown', lidFold: 0.5, seed: 3 },
  { id: 'N004', name: 'Stranger Four', sex: 'male', ageYears: 47, melanin: 0.55, haircut: 'short', hairColour: 'black', grey: 0.15, iris: 'brown', lidFold: 0.8, beard: { cut: 'full', lengthCm: 0.8 }, seed: 2 },
] // prettier-ignore
