import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { columns, labelStep, linearScale, spanOf } from '../../src/console/scale.ts'

describe('linearScale()', () => {
  const cases: [values: number[], ticks: number[]][] = [
    [[], [0, 1]],
    [[0, 0], [0, 1]],
    [[4], [0, 1, 2, 3, 4]],
    [[7], [0, 2, 4, 6, 8]],
    [[98], [0, 25, 50, 75, 100]],
    [[0.0003], [0, 0.0001, 0.0002, 0.0003]],
    [[1_240_000], [0, 500_000, 1_000_000, 1_500_000]],
  ]
  for (const [values, ticks] of cases) {
    it(`has round numbers for ${values.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(linearScale(values), { max: ticks.at(-1), ticks })
    })
  }
})

describe('columns()', () => {
  const area = { left: 10, top: 5, width: 100, height: 50 }

  it('places each value in its slot, on the bottom of the area', () => {
    assert.deepEqual(columns([1, 0, 4], { max: 4, ticks: [] }, { ...area, width: 30 }), [
      { x: 11.5, y: 42.5, width: 7, height: 12.5 },
      { x: 21.5, y: 55, width: 7, height: 0 },
      { x: 31.5, y: 5, width: 7, height: 50 },
    ])
  })

  it('shows a value that is too small for a pixel', () => {
    assert.equal(columns([1], { max: 1e6, ticks: [] }, area)[0]?.height, 1)
  })

  it('does not fill the area with a single column', () => {
    assert.equal(columns([1], { max: 1, ticks: [] }, { ...area, width: 800 })[0]?.width, 48)
  })
})

describe('labelStep()', () => {
  const cases: [count: number, width: number, step: number][] = [
    [7, 700, 1],
    [30, 600, 3],
    [30, 40, 30],
    [0, 100, 1],
  ]
  for (const [count, width, step] of cases) {
    it(`${count} labels in ${width}`, () => assert.equal(labelStep(count, width, 48), step))
  }
})

describe('spanOf()', () => {
  const cases: [after: number, ms: number, total: number, start: number, width: number][] = [
    [0, 100, 200, 0, 50],
    [100, 50, 200, 50, 25],
    [200, 0, 200, 99, 1],
    [0, 0, 0, 0, 1],
    [0, 500, 100, 0, 100],
  ]
  for (const [after, ms, total, start, width] of cases) {
    it(`${ms} ms after ${after} of ${total}`, () => {
      assert.deepEqual(spanOf({ after, ms }, total), { start, width })
    })
  }
})
