import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Fuzz } from './fuzz.ts'
import { RECORDED } from './recordings.ts'
import { readSplit } from './split-streams.ts'

/** Recorded streams with random chunks: the events must be the same. */
export function streams(): Fuzz {
  const references = RECORDED.map(({ name, format, text }) => ({
    name,
    format,
    text,
    expected: readSplit(format, new TextEncoder().encode(text), []),
  }))
  const split = fc.record({
    recording: fc.constantFrom(...references.keys()),
    ending: fc.constantFrom('\n', '\r\n', '\r'),
    mark: fc.constantFrom('', '\uFEFF'),
    /** Offsets relative to the length of the stream. */
    offsets: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }),
  })
  return {
    property: fc.property(split, ({ recording, ending, mark, offsets }) => {
      const reference = references[recording]
      if (!reference) return
      const bytes = new TextEncoder().encode(mark + reference.text.replaceAll('\n', ending))
      const absolute = offsets.map((offset) => Math.round(offset * bytes.length))
      assert.equal(readSplit(reference.format, bytes, absolute), reference.expected, reference.name)
    }),
    summary: () => `${references.length} recordings`,
  }
}
