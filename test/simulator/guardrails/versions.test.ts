import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { checkFields } from '../../../src/simulator/check-fields.ts'
import { type Caller, COMPARTMENT, createCaller } from '../caller.ts'

type Case = [name: string, query: string, compartment: string | undefined, expected: unknown]

const cases: Case[] = [
  ['lists the versions', '', COMPARTMENT, ['1.1', '1.0']],
  ['lists those of a state', '?state=ACTIVE', COMPARTMENT, ['1.0']],
  ['lists none of another', '?state=RETIRED', COMPARTMENT, []],
  ['rejects an unknown state', '?state=active', COMPARTMENT, 'InvalidParameter'],
  ['requires a compartment', '', undefined, 'InvalidParameter'],
  ['rejects a denied one', '', 'ocid1.compartment.oc1..denied', 'NotAuthorizedOrNotFound'],
]

describe('answerGuardrailVersions()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, query, compartment, expected] of cases) {
    it(name, async () => {
      const body = await (await list(caller, query, compartment)).json()
      const found = body.items?.map((version: { guardrailVersion: string }) =>
        version.guardrailVersion
      )
      assert.deepEqual(found ?? body.code, expected)
    })
  }

  it("returns pages in the SDK's format", async () => {
    const first = await list(caller, '?limit=1', COMPARTMENT)
    const page = first.headers.get('opc-next-page')
    const second = await list(caller, `?limit=1&page=${page}`, COMPARTMENT)
    const bodies = [await first.json(), await second.json()]
    assert.deepEqual(bodies.map(({ items }) => items.length), [1, 1])
    assert.ok(bodies.every((body) => !checkFields('GuardrailVersionCollection', body)))
    assert.equal(second.headers.get('opc-next-page'), null)
  })
})

function list(caller: Caller, query: string, compartment: string | undefined): Promise<Response> {
  const path = `/20231130/guardrailVersions${query}`
  const headers = compartment === undefined ? {} : { 'opc-compartment-id': compartment }
  return caller.send({ method: 'GET', path, headers })
}
