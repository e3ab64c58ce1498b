import type { VNode } from 'preact'
import type { Circuit, RequestList, Status } from './data.ts'
import { formatAgo, formatCount, formatIn, formatMs, formatPercent } from './format.ts'
import { Empty, Panel, Show, Term } from './parts.tsx'
import { callsByRegion, type RegionCalls } from './recent-usage.ts'
import { usePolled, useSession } from './session.tsx'
import { NoAdminKey } from './usage-panel.tsx'

const INTERVAL = 5_000

/** Regions, circuits, the credential and what the gateway has learned about models. */
export function HealthPanel(): VNode {
  const { gateway, keys, status } = useSession()
  const [list] = usePolled<RequestList>(gateway, 'admin/v1/requests', 'admin', {
    interval: INTERVAL,
    key: keys.admin,
  })
  return (
    <>
      <Panel title='Gateway'>
        <Show data={status} kind='admin' missing={<NoAdminKey />}>
          {(facts) => <Facts status={facts} />}
        </Show>
      </Panel>
      {status.type === 'ready' && (
        <>
          <Panel title='Regions' note='Calls of the last requests.'>
            <Show data={list} kind='admin' missing={<NoAdminKey />}>
              {({ requests }) => <Regions calls={callsByRegion(requests, status.data.regions)} />}
            </Show>
          </Panel>
          <Panel title='Circuits' note='Calls of the last minute to each model in each region.'>
            <Circuits circuits={status.data.circuits} />
          </Panel>
          <Panel title='Learned quirks' note='What models rejected, and the gateway now avoids.'>
            <Quirks quirks={status.data.quirks} />
          </Panel>
        </>
      )}
    </>
  )
}

function Facts({ status }: { status: Status }) {
  const { version, startedAt, now, load, credential, ready } = status
  const time = Date.parse(now)
  const token = credential?.expiresAt ? formatIn(credential.expiresAt, time) : 'none, or no end'
  return (
    <dl class='pairs'>
      <Term name='State' value={ready ? 'ready' : 'not ready'} />
      <Term name='Version' value={version} />
      <Term name='Started' value={formatAgo(startedAt, time)} />
      <Term
        name='Running requests'
        value={`${formatCount(load.active)}${load.max ? ` of ${formatCount(load.max)}` : ''}`}
      />
      <Term name='Credential' value={credential?.source ?? '–'} />
      <Term name='Token ends' value={token} />
      <Term name='Store' value={status.store ? 'yes' : 'none'} />
    </dl>
  )
}

function Regions({ calls }: { calls: readonly RegionCalls[] }) {
  return (
    <div class='table-frame' tabIndex={0} role='region' aria-label='Table of regions'>
      <table>
        <thead>
          <tr>
            <th scope='col'>Region</th>
            <th scope='col' class='number'>Calls</th>
            <th scope='col' class='number'>Failed</th>
            <th scope='col' class='number'>429</th>
            <th scope='col' class='number'>Share of 429</th>
          </tr>
        </thead>
        <tbody>
          {calls.map(({ region, calls, failed, rateLimited }) => (
            <tr key={region}>
              <th scope='row'>{region}</th>
              <td class='number'>{formatCount(calls)}</td>
              <td class={failed > 0 ? 'number bad' : 'number'}>{formatCount(failed)}</td>
              <td class={rateLimited > 0 ? 'number bad' : 'number'}>{formatCount(rateLimited)}</td>
              <td class='number'>{calls === 0 ? '–' : formatPercent(rateLimited / calls)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const STATES: Readonly<Record<Circuit['state'], readonly [tag: string, text: string]>> = {
  'closed': ['good', 'closed'],
  'open': ['bad', 'open'],
  'half-open': ['warn', 'half-open'],
}

function Circuits({ circuits }: { circuits: readonly Circuit[] }) {
  if (circuits.length === 0) return <Empty title='No calls yet' />
  return (
    <div class='table-frame' tabIndex={0} role='region' aria-label='Table of circuits'>
      <table>
        <thead>
          <tr>
            <th scope='col'>Model</th>
            <th scope='col'>Region</th>
            <th scope='col'>State</th>
            <th scope='col' class='number'>Succeeded</th>
            <th scope='col' class='number'>Failed</th>
          </tr>
        </thead>
        <tbody>
          {circuits.map((circuit) => (
            <CircuitRow key={`${circuit.region} ${circuit.model}`} circuit={circuit} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CircuitRow({ circuit }: { circuit: Circuit }) {
  const { model, region, state, openFor, rateLimited, succeeded, failed } = circuit
  const [tag, text] = STATES[state]
  return (
    <tr>
      <th scope='row'>{model || 'lists and files'}</th>
      <td>{region}</td>
      <td>
        <span class={`tag ${tag}`}>{text}</span>
        {state === 'open' && (
          <small>{` ${rateLimited ? 'rate limit, ' : ''}${formatMs(openFor)} left`}</small>
        )}
      </td>
      <td class='number'>{formatCount(succeeded)}</td>
      <td class={failed > 0 ? 'number bad' : 'number'}>{formatCount(failed)}</td>
    </tr>
  )
}

function Quirks({ quirks }: { quirks: Status['quirks'] }) {
  const rows = Object.entries(quirks).flatMap(([model, list]) =>
    list.map((quirk) => ({ model, ...quirk }))
  )
  if (rows.length === 0) {
    return <Empty title='Nothing learned yet'>Models accepted everything so far.</Empty>
  }
  return (
    <ul class='facts rows'>
      {rows.map(({ model, name, confirmed, expiresIn }) => (
        <li key={`${model} ${name}`}>
          <code>{model}</code> <strong>{name}</strong>{' '}
          <span class={confirmed ? 'tag good' : 'tag idle'}>
            {confirmed ? 'applied' : 'seen once'}
          </span>{' '}
          <small>for {formatMs(expiresIn * 1_000)} more</small>
        </li>
      ))}
    </ul>
  )
}
