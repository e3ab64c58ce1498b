import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  formatAgo,
  formatCount,
  formatIn,
  formatMs,
  formatPercent,
  formatShort,
  formatUsd,
} from '../../src/console/format.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()

describe('format', () => {
  const cases: [shown: string, expected: string][] = [
    [formatMs(undefined), '–'],
    [formatMs(0), '0 ms'],
    [formatMs(639.6), '640 ms'],
    [formatMs(1_840), '1.84 s'],
    [formatMs(12_340), '12.3 s'],
    [formatMs(200_000), '3 min 20 s'],
    [formatUsd(null), '–'],
    [formatUsd('0.000000000'), '$0.00'],
    [formatUsd('0.000421000'), '$0.00042'],
    [formatUsd('0.000000001'), '$0.000000001'],
    [formatUsd('0.05'), '$0.050'],
    [formatUsd(1.254), '$1.25'],
    [formatUsd(1_204.5), '$1,204.50'],
    [formatCount(undefined), '–'],
    [formatCount(1_234_567), '1,234,567'],
    [formatCount(999), '999'],
    [formatShort(950), '950'],
    [formatShort(2.5), '2.5'],
    [formatShort(12_400), '12.4k'],
    [formatShort(2_000_000), '2M'],
    [formatShort(340_000), '340k'],
    [formatPercent(0), '0%'],
    [formatPercent(0.004), '<1%'],
    [formatPercent(0.805), '81%'],
    [formatAgo(at(-3_000), NOW), 'just now'],
    [formatAgo(at(-185_000), NOW), '3 min ago'],
    [formatAgo(at(-5 * 86_400_000), NOW), '5 d ago'],
    [formatAgo(null, NOW), '–'],
    [formatIn(at(7_300_000), NOW), 'in 2 h'],
    [formatIn(at(-1), NOW), 'expired'],
  ]
  for (const [index, [shown, expected]] of cases.entries()) {
    it(`${index + 1}: ${expected}`, () => assert.equal(shown, expected))
  }
})
