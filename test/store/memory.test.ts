import { createMemoryStore } from '../../src/store/memory/store.ts'
import { testStore } from './contract.ts'

testStore('memory', {
  start: () =>
    Promise.resolve({
      open: () => Promise.resolve(createMemoryStore()),
      stop: () => Promise.resolve(),
    }),
  histories: 300,
  everyQuery: 1,
})
