import type { Price } from '../prices/price.ts'
import type { Change } from '../store/records.ts'
import type { Host } from './host.ts'

/** Today in UTC: `2026-11-28`. */
export function today({ now }: Pick<Host, 'now'>): string {
  return new Date(now()).toISOString().slice(0, 10)
}

/** The audit row of a price that a command changes. */
export function priceChange(
  { now }: Pick<Host, 'now'>,
  action: 'price.set' | 'price.update',
  { model: target, ...price }: Price,
): Change {
  return { time: now(), actor: 'cli', action, target, detail: JSON.stringify(price) }
}
