import type { SearchModeWish } from '../domain/search.js'
import type { SearchMode as WireSearchMode } from '../generated/portcullis/v1/SearchMode.js'

/** The words of the command line for the modes of a search. */
export const SEARCH_MODE: Record<SearchModeWish, WireSearchMode> = {
  auto: 'SEARCH_MODE_AUTO',
  exact: 'SEARCH_MODE_EXACT',
  verified: 'SEARCH_MODE_VERIFIED',
  hnsw: 'SEARCH_MODE_HNSW',
}
