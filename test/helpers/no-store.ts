import type {Store} from '../../src/contract/store.js'

/** Stands where a store is needed and nothing is stored. */
export const noStore: Store = {
  isLasting: false,
  status: () => null,
  migrate: async () => {},
  write: async () => {},
  append: async () => 'stored',
  query: async () => [],
  flush: async () => {},
  backup: async () => ({sizeBytes: 0}),
}
