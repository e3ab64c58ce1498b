import { createMemoryStore } from '../../src/store/memory/store.ts'
import { testStore } from './contract.ts'

testStore('memory', () =>
  Promise.resolve({
    open: () => Promise.resolve(createMemoryStore()),
    stop: () => Promise.resolve(),
  }))
