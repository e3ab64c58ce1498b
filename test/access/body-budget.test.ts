import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createBodyBudget } from '../../src/access/body-budget.ts'

describe('createBodyBudget()', () => {
  it('F4: rejects bytes beyond the budget until others are released', () => {
    const budget = createBodyBudget({ max: 10, maxPerClient: 10 })
    const [one, other] = [budget.reserve('a'), budget.reserve('b')]
    assert.deepEqual([one.add(6), other.add(5), other.add(4)], [true, false, true])
    assert.equal(budget.active, 10)
    one.release()
    one.release()
    assert.equal(budget.active, 4)
    assert.equal(other.add(6), true)
  })

  it('F4: rejects bytes beyond the budget of one client', () => {
    const budget = createBodyBudget({ max: 10, maxPerClient: 5 })
    const [first, second] = [budget.reserve('a'), budget.reserve('a')]
    assert.deepEqual([first.add(3), second.add(3), budget.reserve('b').add(5)], [true, false, true])
  })

  it('F4: still counts the other requests of a client that releases one', () => {
    const budget = createBodyBudget({ max: 10, maxPerClient: 5 })
    const [first, second] = [budget.reserve('a'), budget.reserve('a')]
    assert.deepEqual([first.add(3), second.add(2)], [true, true])
    first.release()
    assert.deepEqual([second.add(3), budget.reserve('a').add(1)], [true, false])
  })

  it('F4: accepts as many bodies that grow at once as fit into the budget', () => {
    const sizes = { size: fc.integer({ min: 1, max: 40 }), count: fc.integer({ min: 1, max: 20 }) }
    fc.assert(
      fc.property(fc.record(sizes), fc.infiniteStream(fc.nat()), ({ size, count }, random) => {
        const budget = createBodyBudget({ max: 1_000, maxPerClient: 100 })
        const growing = Array.from({ length: count }, () => ({ to: budget.reserve('a'), bytes: 0 }))
        let accepted = 0
        while (growing.length > 0) {
          const [body] = growing.splice(random.next().value % growing.length, 1)
          if (!body || !body.to.add(1)) continue
          body.bytes++
          if (body.bytes === size) accepted++
          else growing.push(body)
        }
        assert.equal(accepted, Math.min(count, Math.floor(100 / size)))
      }),
    )
  })

  it('accepts any number of bytes without a limit', () => {
    const budget = createBodyBudget({ max: Infinity, maxPerClient: 1 })
    assert.equal(budget.reserve('a').add(1e9), true)
    assert.equal(budget.active, 0)
  })

  it('holds no bytes after all reservations are released, in any order', () => {
    const steps = fc.array(fc.record({
      client: fc.constantFrom('a', 'b', 'c'),
      bytes: fc.nat(20),
      releases: fc.boolean(),
    }))
    fc.assert(fc.property(steps, (steps) => {
      const budget = createBodyBudget({ max: 50, maxPerClient: 30 })
      const reservations = steps.map(({ client, bytes, releases }) => {
        const reservation = budget.reserve(client)
        reservation.add(bytes)
        if (releases) reservation.release()
        assert.ok(budget.active <= 50)
        return reservation
      })
      for (const reservation of reservations) reservation.release()
      assert.equal(budget.active, 0)
      assert.equal(budget.reserve('a').add(30), true)
    }))
  })
})
