import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Fuzz } from './fuzz.ts'
import { RECORDED } from './recordings.ts'
import { readSplit } from './split-streams.ts'

/** Recorded streams, whose bytes arrive cut anywhere: the same events must be read of them. */
export function streams(): Fuzz {
  const wholes = RECORDED.map(({ name, format, text }) => ({
    name,
    format,
    text,
    expected: readSplit(format, new TextEncoder().encode(text), []),
  }))
  const split = fc.record({
    recording: fc.constantFrom(...wholes.keys()),
    ending: fc.constantFrom('\n', '\r\n', '\r'),
    mark: fc.constantFrom('', '\uFEFF'),
    /** Places in the stream, as parts of it. */
    places: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }),
  })
  return {
    property: fc.property(split, ({ recording, ending, mark, places }) => {
      const whole = wholes[recording]
      if (!whole) return
      const bytes = new TextEncoder().encode(mark + whole.text.replaceAll('\n', ending))
      const cuts = places.map((place) => Math.round(place * bytes.length))
      assert.equal(readSplit(whole.format, bytes, cuts), whole.expected, whole.name)
    }),
    told: () => `${wholes.length} recordings`,
  }
}
