/**
 * How rows of int8 codes lie in memory: blocks of four rows, cut into pieces of 64 codes that alternate between the rows
 * (row 0 codes 0–63, row 1 codes 0–63, row 2 …, row 3 …, row 0 codes 64–127, …). The kernel then loads a piece of the probe once
 * for four rows and reads memory strictly forward. Rows are padded with zeros to a multiple of 64 codes.
 */
export const ROWS_PER_BLOCK = 4
export const PIECE = 64

export function paddedCount(featureCount: number): number {
  return Math.ceil(featureCount / PIECE) * PIECE
}

/** Bytes of `rowCount` rows, whole blocks. */
export function bytesOf(rowCount: number, padded: number): number {
  return Math.ceil(rowCount / ROWS_PER_BLOCK) * ROWS_PER_BLOCK * padded
}

/** Writes one row's codes (of `padded` length) to its places in `memory`, which begins at the first block. */
export function writeRow(memory: Int8Array, slot: number, padded: number, codes: Int8Array): void {
  let at = firstByte(slot, padded)
  for (let from = 0; from < padded; from += PIECE, at += PIECE * ROWS_PER_BLOCK)
    memory.set(codes.subarray(from, from + PIECE), at)
}

export function readRow(memory: Int8Array, slot: number, padded: number, codes: Int8Array): void {
  let at = firstByte(slot, padded)
  for (let from = 0; from < padded; from += PIECE, at += PIECE * ROWS_PER_BLOCK)
    codes.set(memory.subarray(at, at + PIECE), from)
}

function firstByte(slot: number, padded: number): number {
  return Math.floor(slot / ROWS_PER_BLOCK) * ROWS_PER_BLOCK * padded + (slot % ROWS_PER_BLOCK) * PIECE
}
