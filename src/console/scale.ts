/** A linear scale from zero, with round numbers on its axis. */
export interface Scale {
  /** The end of the axis: at least the largest value. */
  max: number
  /** The numbers of the axis, from zero to `max`. */
  ticks: readonly number[]
}

/** Creates a scale with about `count` ticks. Without positive values it ends at 1. */
export function linearScale(values: readonly number[], count = 4): Scale {
  const largest = Math.max(0, ...values)
  if (largest === 0) return { max: 1, ticks: [0, 1] }
  const step = roundStep(largest / count)
  const steps = Math.ceil(largest / step - 1e-9)
  return {
    max: clean(steps * step),
    ticks: Array.from({ length: steps + 1 }, (_, index) => clean(index * step)),
  }
}

/** The next 1, 2, 2.5 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9))
  return (factor ?? 10) * power
}

/** Removes the error of floating-point multiplication. */
function clean(value: number): number {
  return Number(value.toPrecision(12))
}

/** One column of a chart, in units of the drawing. */
export interface Column {
  x: number
  y: number
  width: number
  height: number
}

/** The area of a chart. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
}

/** Widest column, so that few values do not fill the chart. */
const MAX_COLUMN = 48

/** Places a column for each value. A value above zero has at least one unit of height. */
export function columns(values: readonly number[], { max }: Scale, area: Area): readonly Column[] {
  const slot = area.width / Math.max(1, values.length)
  const width = Math.min(MAX_COLUMN, slot * 0.7)
  return values.map((value, index) => {
    const height = value <= 0 ? 0 : Math.max(1, value / max * area.height)
    return {
      x: area.left + index * slot + (slot - width) / 2,
      y: area.top + area.height - height,
      ...{ width, height },
    }
  })
}

/** Every how many columns a label fits, so that labels do not overlap. */
export function labelStep(count: number, width: number, labelWidth: number): number {
  const most = Math.max(1, Math.floor(width / labelWidth))
  return Math.max(1, Math.ceil(count / most))
}

/** A bar of a waterfall, in percent of its width. */
export interface Span {
  start: number
  width: number
}

/** Places a span of time on an axis that ends after `total` milliseconds. */
export function spanOf({ after, ms }: { after: number; ms: number }, total: number): Span {
  const end = Math.max(1, total)
  const start = clamp(after / end * 100, 0, 99)
  return { start, width: clamp(ms / end * 100, 1, 100 - start) }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
