import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MODELS, openCheck, survival } from './survival.ts'
import { runsOf } from '../property-runs.ts'

const RUNS = runsOf(40)

describe('a conversation', () => {
  for (const model of MODELS) {
    it(`with ${model} survives any history`, async () => {
      await fc.assert(survival(await openCheck(), [model]), RUNS)
    })
  }
})
