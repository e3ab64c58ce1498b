import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { LoggedRequest, RequestList } from './data.ts'
import { formatCount, formatMs, formatTime, formatUsd } from './format.ts'
import { Choice, CopyText, Empty, Icon, Panel, Show, Term } from './parts.tsx'
import { usePolled, useSession } from './session.tsx'
import { NoAdminKey } from './usage-panel.tsx'
import { Waterfall } from './waterfall.tsx'

const FILTERS = [['all', 'All'], ['failed', 'Errors'], ['retried', 'Retried']] as const
type Filter = (typeof FILTERS)[number][0]

const INTERVAL = 3_000

/** The last requests, without any content of prompts and answers. */
export function RequestsPanel(): VNode {
  const { gateway, keys } = useSession()
  const [filter, setFilter] = useState<Filter>('all')
  const [list] = usePolled<RequestList>(gateway, 'admin/v1/requests', 'admin', {
    interval: INTERVAL,
    key: keys.admin,
  })
  return (
    <Panel
      title='Requests'
      note='Metadata only: the gateway keeps no prompts and no answers.'
      actions={<Choice label='Show' options={FILTERS} value={filter} onChange={setFilter} />}
    >
      <Show data={list} kind='admin' missing={<NoAdminKey />}>
        {({ requests }) => <RequestRows requests={requests.filter(isShown(filter))} />}
      </Show>
    </Panel>
  )
}

function isShown(filter: Filter): (request: LoggedRequest) => boolean {
  switch (filter) {
    case 'all':
      return () => true
    case 'failed':
      return isFailed
    case 'retried':
      return ({ attempts, fallback }) => attempts.length > 1 || fallback !== undefined
  }
}

function isFailed({ status, outcome }: LoggedRequest): boolean {
  return status >= 400 || outcome === 'failed'
}

function RequestRows({ requests }: { requests: readonly LoggedRequest[] }) {
  if (requests.length === 0) {
    return <Empty title='No such requests yet'>They appear here within seconds.</Empty>
  }
  return (
    <div class='log'>
      <div class='log-head' aria-hidden='true'>
        <span />
        <span>Time</span>
        <span>Model</span>
        <span>Status</span>
        <span class='number'>First token</span>
        <span class='number'>Total</span>
        <span class='number'>Tokens</span>
        <span class='number'>Cost</span>
      </div>
      {requests.map((request) => (
        <RequestRow key={`${request.requestId} ${request.time}`} request={request} />
      ))}
    </div>
  )
}

function RequestRow({ request }: { request: LoggedRequest }) {
  const [isOpen, setOpen] = useState(false)
  const { time, model, api, ms, firstTokenMs, tokens, cost, fallback } = request
  return (
    <details class='log-row' onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name='chevron' />
        <time dateTime={time}>{formatTime(time)}</time>
        <span class='log-model'>
          {fallback ?? model ?? '–'}
          <small>{api}</small>
        </span>
        <StatusTag request={request} />
        <Cell name='First token' value={formatMs(firstTokenMs)} />
        <Cell name='Total' value={formatMs(ms)} />
        <Cell
          name='Tokens'
          value={tokens ? formatCount(tokens.prompt + tokens.completion) : '–'}
        />
        <Cell name='Cost' value={formatUsd(cost)} />
      </summary>
      {isOpen && <RequestDetails request={request} />}
    </details>
  )
}

function Cell({ name, value }: { name: string; value: string }) {
  return (
    <span class='number'>
      <span class='cell-name'>{`${name} `}</span>
      {value}
    </span>
  )
}

function StatusTag({ request }: { request: LoggedRequest }) {
  const { status, outcome, attempts } = request
  if (outcome === 'client_closed') return <span class='tag idle'>client left</span>
  if (isFailed(request)) return <span class='tag bad'>{status < 400 ? 'cut' : status}</span>
  if (attempts.length > 1) return <span class='tag warn'>{status}, {attempts.length} attempts</span>
  return <span class='tag good'>{status}</span>
}

function RequestDetails({ request }: { request: LoggedRequest }) {
  const { requestId, opcRequestId, warnings, error, reason, tokens } = request
  return (
    <div class='log-details'>
      {error && (
        <p class='failure-line'>
          <code>{error}</code>
          {reason && <code>{reason}</code>}
        </p>
      )}
      {warnings.length > 0 && (
        <ul class='warnings'>
          {warnings.map((warning) => <li key={warning}>{warning}</li>)}
        </ul>
      )}
      {request.attempts.length > 0
        ? <Waterfall request={request} />
        : <p class='hint'>No call to OCI was made.</p>}
      <dl class='pairs'>
        <Term name='Path' value={request.path} />
        <Term name='Requested model' value={request.model} />
        <Term name='Key' value={request.key} />
        <Term name='Team' value={request.team} />
        <Term name='Person' value={request.person} />
        <Term name='Client' value={request.userAgent} />
        {tokens && <Term name='Tokens' value={tokenText(tokens)} />}
      </dl>
      <div class='ids'>
        <CopyText text={requestId} label='Request id' />
        {opcRequestId && <CopyText text={opcRequestId} label='OCI request id' />}
      </div>
    </div>
  )
}

function tokenText(
  { prompt, completion, cached, reasoning, isEstimated }: NonNullable<LoggedRequest['tokens']>,
): string {
  const parts = [
    `${formatCount(prompt)} prompt`,
    ...(cached ? [`${formatCount(cached)} of them cached`] : []),
    `${formatCount(completion)} answer`,
    ...(reasoning ? [`${formatCount(reasoning)} of them reasoning`] : []),
  ]
  return `${parts.join(', ')}${isEstimated ? ' (estimated)' : ''}`
}
