import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Area, columns, labelStep, linearScale, type Scale } from './scale.ts'

/** A chart of columns with labels below them. */
export interface ChartProps {
  /** What the chart shows, for people who cannot see it. */
  title: string
  labels: readonly string[]
  values: readonly number[]
  format: (value: number) => string
}

const HEIGHT = 200
const MARGIN = { left: 52, right: 8, top: 12, bottom: 24 }
/** Units that a label takes with its space. */
const LABEL_WIDTH = 48
const FIRST_WIDTH = 640

/** Columns over a linear axis. The drawing is as wide as its place, so that texts keep their size. */
export function BarChart({ title, labels, values, format }: ChartProps): VNode {
  const [element, width] = useWidth()
  const scale = linearScale(values)
  const area = {
    ...{ left: MARGIN.left, top: MARGIN.top },
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  }
  const step = labelStep(labels.length, area.width, LABEL_WIDTH)
  return (
    <div class='chart' ref={element}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role='img'>
        <title>{summary({ title, labels, values, format })}</title>
        <Axis {...{ scale, area, format }} />
        {columns(values, scale, area).map((column, index) => (
          <g key={index}>
            <rect class='column' rx='2' {...column}>
              <title>{`${labels[index]}: ${format(values[index] ?? 0)}`}</title>
            </rect>
            {index % step === 0 && <Label text={labels[index]} x={column.x + column.width / 2} />}
          </g>
        ))}
      </svg>
    </div>
  )
}

function Axis({ scale, area, format }: { scale: Scale; area: Area; format: ChartProps['format'] }) {
  const y = (tick: number) => area.top + area.height - tick / scale.max * area.height
  return (
    <>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line class='grid' x1={area.left} x2={area.left + area.width} y1={y(tick)} y2={y(tick)} />
          <text class='tick' x={area.left - 8} y={y(tick) + 4} text-anchor='end'>
            {format(tick)}
          </text>
        </g>
      ))}
    </>
  )
}

function Label({ text, x }: { text: string | undefined; x: number }) {
  return <text class='tick' x={x} y={HEIGHT - 6} text-anchor='middle'>{text}</text>
}

/** The chart as one sentence: its range and its largest value. */
function summary({ title, labels, values, format }: ChartProps): string {
  const largest = Math.max(0, ...values)
  const at = labels[values.indexOf(largest)] ?? ''
  if (largest === 0) return `${title}: none`
  return `${title} from ${labels[0]} to ${labels.at(-1)}, at most ${format(largest)} at ${at}`
}

/** The width of an element in CSS pixels, as it changes. */
function useWidth() {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(FIRST_WIDTH)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.floor(entry.contentRect.width))
    })
    if (element.current) observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width] as const
}
