import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findProblem, type KnownState } from '../../src/routes/gateway-problem.ts'

const WELL: KnownState = { isReady: true, failure: undefined, clockOffset: 0 }

describe('findProblem()', () => {
  const cases: [state: Partial<KnownState>, id: string | undefined, text?: RegExp][] = [
    [{}, undefined],
    [{ clockOffset: 299_000 }, undefined],
    [{ isReady: false, failure: 'upstream_auth_error' }, 'token_not_renewed'],
    [{ failure: 'upstream_auth_error' }, 'credential_not_accepted'],
    [{ failure: 'model_not_found' }, 'models_not_permitted'],
    [{ failure: 'upstream_timeout' }, 'oci_not_reached', /upstream_timeout/],
    [{ clockOffset: 420_000 }, 'clock_drift', /7 minutes behind/],
    [{ clockOffset: -420_000 }, 'clock_drift', /7 minutes ahead/],
  ]
  for (const [state, id, text = /./] of cases) {
    it(`${JSON.stringify(state)} is ${id ?? 'no problem'}`, () => {
      const problem = findProblem({ ...WELL, ...state })
      assert.equal(problem?.id, id)
      if (problem) assert.match(problem.wrong, text)
    })
  }
})
