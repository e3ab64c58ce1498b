import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { BarChart } from './bar-chart.tsx'
import type { LoggedRequest, RequestList, Status, UsageRow } from './data.ts'
import { formatCount, formatMs, formatPercent, formatShort, formatUsd } from './format.ts'
import { Choice, Empty, Panel, Show, Term } from './parts.tsx'
import {
  type Bucket,
  dayBuckets,
  type Dimension,
  DIMENSIONS,
  groupRequests,
  groupRows,
  hourBuckets,
  type NamedSums,
  quantile,
  type Range,
  rangeStart,
  requestDayBuckets,
  sumRequests,
  sumRows,
  type Sums,
} from './recent-usage.ts'
import { usePolled, useSession } from './session.tsx'

const RANGE_NAMES = [['today', 'Today'], ['week', '7 days'], ['month', '30 days']] as const
const METRICS = [['requests', 'Requests'], ['tokens', 'Tokens'], ['cost', 'Cost']] as const
type Metric = (typeof METRICS)[number][0]

const DIMENSION_NAMES: Readonly<Record<Dimension, string>> = {
  model: 'Model',
  key: 'Key',
  team: 'Team',
  person: 'Person',
}

const INTERVAL = 10_000

/** Requests, tokens, money and times of today, a week or a month. */
export function UsagePanel(): VNode {
  const { gateway, keys, status } = useSession()
  const [range, setRange] = useState<Range>('today')
  const polling = { interval: INTERVAL, key: keys.admin }
  const [recent] = usePolled<RequestList>(gateway, 'admin/v1/requests', 'admin', polling)
  const choice = <Choice label='Range' options={RANGE_NAMES} value={range} onChange={setRange} />
  return (
    <Panel title='Usage' actions={choice}>
      <Show data={recent} kind='admin' missing={<NoAdminKey />}>
        {(list) => (
          <Show data={status} kind='admin' missing={<NoAdminKey />}>
            {(facts) => <Source list={list} status={facts} range={range} />}
          </Show>
        )}
      </Show>
    </Panel>
  )
}

/** What makes data available on a gateway with keys but without an administration key. */
export function NoAdminKey(): VNode {
  return (
    <p>
      Start the gateway with <code>GATEWAY_ADMIN_KEY</code>, and enter this key here.
    </p>
  )
}

interface SourceProps {
  list: RequestList
  status: Status
  range: Range
}

/** The ledger, where there is a store that may be read; otherwise the last requests. */
function Source({ list, status, range }: SourceProps) {
  const now = Date.parse(status.now)
  const start = rangeStart(range, now)
  const recent = list.requests.filter(({ time }) => Date.parse(time) >= start)
  if (status.store && status.adminKey) return <Ledger {...{ recent, range, now, start }} />
  const buckets = range === 'today'
    ? hourBuckets(recent, now)
    : requestDayBuckets(recent, range, now)
  return (
    <>
      <p class='note source'>
        {status.store
          ? 'Set GATEWAY_ADMIN_KEY to see the ledger of the store. '
          : 'Without a store, nothing is kept. '}
        These are the last {formatCount(list.requests.length)} of at most{' '}
        {formatCount(list.capacity)} requests since {new Date(list.since).toLocaleString()}.
      </p>
      <Overview
        {...{ buckets, recent, sums: sumRequests(recent) }}
        groups={(dimension) => groupRequests(recent, dimension)}
      />
    </>
  )
}

interface LedgerProps {
  recent: readonly LoggedRequest[]
  range: Range
  now: number
  start: number
}

function Ledger({ recent, range, now, start }: LedgerProps) {
  const { gateway, keys } = useSession()
  const since = new Date(start).toISOString().slice(0, 10)
  const path = `admin/v1/usage?by=day,${DIMENSIONS.join(',')}&since=${since}`
  const [rows] = usePolled<readonly UsageRow[]>(gateway, path, 'admin', {
    interval: INTERVAL,
    key: keys.admin,
  })
  return (
    <Show data={rows} kind='admin' missing='The gateway has no ledger.'>
      {(list) => (
        <Overview
          buckets={range === 'today' ? hourBuckets(recent, now) : dayBuckets(list, range, now)}
          recent={recent}
          sums={sumRows(list)}
          groups={(dimension) => groupRows(list, dimension)}
          note={range === 'today' ? 'The hours are those of the last requests.' : undefined}
        />
      )}
    </Show>
  )
}

interface OverviewProps {
  buckets: readonly Bucket[]
  recent: readonly LoggedRequest[]
  sums: Sums
  groups: (dimension: Dimension) => readonly NamedSums[]
  note?: string | undefined
}

function Overview({ buckets, recent, sums, groups, note }: OverviewProps) {
  const [metric, setMetric] = useState<Metric>('requests')
  const [dimension, setDimension] = useState<Dimension>('model')
  if (sums.requests === 0) {
    return <Empty title='No requests yet'>Send a prompt in the playground.</Empty>
  }
  const title = METRICS.find(([name]) => name === metric)?.[1] ?? ''
  return (
    <>
      <Tiles sums={sums} recent={recent} />
      <div class='chart-head'>
        <h3>Over time</h3>
        <Choice label='Measure' options={METRICS} value={metric} onChange={setMetric} />
      </div>
      <BarChart
        title={title}
        labels={buckets.map(({ label }) => label)}
        values={buckets.map((bucket) => bucket[metric] ?? 0)}
        format={metric === 'cost' ? formatUsd : formatShort}
      />
      {note && <p class='hint'>{note}</p>}
      <div class='chart-head'>
        <h3>By {DIMENSION_NAMES[dimension].toLowerCase()}</h3>
        <Choice
          label='Group by'
          options={DIMENSIONS.map((name) => [name, DIMENSION_NAMES[name]] as const)}
          value={dimension}
          onChange={setDimension}
        />
      </div>
      <GroupTable name={DIMENSION_NAMES[dimension]} groups={groups(dimension)} metric={metric} />
    </>
  )
}

function Tiles({ sums, recent }: { sums: Sums; recent: readonly LoggedRequest[] }) {
  const times = recent.flatMap(({ firstTokenMs }) => firstTokenMs ?? [])
  const note = times.length === 0 ? 'no streams' : `last ${formatCount(times.length)} streams`
  const share = sums.errors === 0 ? '' : formatPercent(sums.errors / sums.requests)
  return (
    <dl class='tiles'>
      <Term name='Requests' value={formatCount(sums.requests)} />
      <Term name='Tokens' value={formatCount(sums.tokens)} />
      <Term name='Cost' value={formatUsd(sums.cost)} note='estimate' />
      <Term name='First token, p50' value={formatMs(quantile(times, 0.5))} note={note} />
      <Term name='First token, p95' value={formatMs(quantile(times, 0.95))} note={note} />
      <Term name='Errors' value={formatCount(sums.errors)} note={share} isBad={sums.errors > 0} />
    </dl>
  )
}

/** Rows of a table that are shown. */
const MAX_ROWS = 25

function GroupTable(
  { name, groups, metric }: { name: string; groups: readonly NamedSums[]; metric: Metric },
) {
  const largest = Math.max(0, ...groups.map((group) => group[metric] ?? 0)) || 1
  return (
    <div class='table-frame' tabIndex={0} role='region' aria-label={`Usage by ${name}`}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{name}</th>
            <th scope='col' class='number'>Requests</th>
            <th scope='col' class='number'>Errors</th>
            <th scope='col' class='number'>Tokens</th>
            <th scope='col' class='number'>Cost</th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, MAX_ROWS).map((group) => (
            <GroupRow key={group.name} group={group} ratio={(group[metric] ?? 0) / largest} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function GroupRow({ group, ratio }: { group: NamedSums; ratio: number }) {
  return (
    <tr>
      <th scope='row'>
        <span class='group-name'>{group.name}</span>
        <svg class='share' viewBox='0 0 100 4' preserveAspectRatio='none' aria-hidden='true'>
          <rect class='track' width='100' height='4' />
          <rect class='column' width={Math.max(0.5, ratio * 100)} height='4' />
        </svg>
      </th>
      <td class='number'>{formatCount(group.requests)}</td>
      <td class={group.errors > 0 ? 'number bad' : 'number'}>{formatCount(group.errors)}</td>
      <td class='number'>{formatCount(group.tokens)}</td>
      <td class='number'>{formatUsd(group.cost)}</td>
    </tr>
  )
}
