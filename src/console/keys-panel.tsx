import type { ComponentChildren, VNode } from 'preact'
import { useState } from 'preact/hooks'
import { BudgetBar, limitTexts } from './budget-bar.tsx'
import type { ApiKey, CreatedKey } from './data.ts'
import { formatAgo, formatIn } from './format.ts'
import type { Answer } from './gateway-client.ts'
import { messageOf } from './change-message.ts'
import { KeyEditor } from './key-editor.tsx'
import { CopyButton, Empty, Failure, Panel, Show } from './parts.tsx'
import { usePolled, useSession } from './session.tsx'
import { TeamsPanel } from './teams-panel.tsx'

const INTERVAL = 10_000

/** Keys and teams with their limits and budgets. */
export function KeysPanel(): VNode {
  const { gateway, keys } = useSession()
  const [list, refresh] = usePolled<readonly ApiKey[]>(gateway, 'admin/v1/keys', 'admin', {
    interval: INTERVAL,
    key: keys.admin,
  })
  const [created, setCreated] = useState<CreatedKey>()
  const done = (key: CreatedKey) => {
    setCreated(key)
    refresh()
  }
  return (
    <>
      <Panel title='Keys' note='Only a hash of each key is stored.'>
        {created && <NewKey created={created} onClose={() => setCreated(undefined)} />}
        <Show data={list} kind='admin' missing={<NoStore />}>
          {(all) => (
            <>
              <KeyEditor onCreated={done} />
              <KeyTable keys={all} onChange={refresh} onRotated={done} />
            </>
          )}
        </Show>
      </Panel>
      {list.type === 'ready' && <TeamsPanel />}
    </>
  )
}

/** What keys with limits need. */
function NoStore() {
  return (
    <>
      <p>Keys with limits, budgets and usage need a store and an administration key:</p>
      <p>
        <code>GATEWAY_STORE=sqlite:./gateway.db GATEWAY_ADMIN_KEY=… oci-gateway</code>
      </p>
    </>
  )
}

function NewKey({ created: { name, key }, onClose }: { created: CreatedKey; onClose: () => void }) {
  return (
    <div class='new-key' role='alert'>
      <p>
        <strong>The key {name}.</strong> Copy it now: it is not shown again.
      </p>
      <span class='copy-text'>
        <code>{key}</code>
        <CopyButton text={key} label='Copy key' />
      </span>
      <button type='button' onClick={onClose}>I have copied it</button>
    </div>
  )
}

interface TableProps {
  keys: readonly ApiKey[]
  onChange: () => void
  onRotated: (key: CreatedKey) => void
}

function KeyTable({ keys, onChange, onRotated }: TableProps) {
  if (keys.length === 0) {
    return (
      <Empty title='No keys yet'>
        Once a key exists, every request needs one.
      </Empty>
    )
  }
  return (
    <ul class='cards'>
      {keys.map((key) => (
        <KeyCard key={key.id} apiKey={key} onChange={onChange} onRotated={onRotated} />
      ))}
    </ul>
  )
}

function KeyCard(
  { apiKey, onChange, onRotated }: Omit<TableProps, 'keys'> & { apiKey: ApiKey },
) {
  const { gateway } = useSession()
  const [failure, setFailure] = useState<string>()
  const { id, name, team, disabled, budget } = apiKey
  const path = `admin/v1/keys/${encodeURIComponent(id)}`
  const run = async <T,>(call: Promise<Answer<T>>, then: (data: T) => void) => {
    const answer = await call
    setFailure(answer.type === 'ready' ? undefined : messageOf(answer))
    if (answer.type === 'ready') then(answer.data)
  }
  const rotate = () => run(gateway.send<CreatedKey>('POST', `${path}/rotate`, {}), onRotated)
  const toggle = () => run(gateway.send('PATCH', path, { disabled: !disabled }), onChange)
  const revoke = () => run(gateway.send('DELETE', path, {}), onChange)
  return (
    <li class={disabled ? 'card off' : 'card'}>
      <div class='card-head'>
        <h3>{name}</h3>
        {team && <span class='tag idle'>{team}</span>}
        {disabled && <span class='tag warn'>disabled</span>}
      </div>
      <KeyFacts apiKey={apiKey} />
      {budget && <BudgetBar budget={budget} />}
      <div class='card-actions'>
        <button type='button' onClick={toggle}>{disabled ? 'Enable' : 'Disable'}</button>
        <Confirmed text='Rotate' question='The old key ends at once.' onConfirm={rotate} />
        <Confirmed text='Revoke' question='This cannot be undone.' onConfirm={revoke} isBad />
      </div>
      {failure && <Failure message={failure} />}
    </li>
  )
}

function KeyFacts({ apiKey }: { apiKey: ApiKey }) {
  const now = Date.now()
  const texts = [
    ...limitTexts(apiKey.limits),
    ...(apiKey.models.length > 0 ? [apiKey.models.join(', ')] : []),
    ...(apiKey.expiresAt ? [`expires ${formatIn(apiKey.expiresAt, now)}`] : []),
    apiKey.lastUsedAt ? `used ${formatAgo(apiKey.lastUsedAt, now)}` : 'never used',
  ]
  return (
    <ul class='facts'>
      {texts.map((text) => <li key={text}>{text}</li>)}
    </ul>
  )
}

/** A button that asks once more before it acts. */
function Confirmed(
  { text, question, onConfirm, isBad = false }: {
    text: string
    question: string
    onConfirm: () => void
    isBad?: boolean
  },
): ComponentChildren {
  const [isAsked, setAsked] = useState(false)
  if (!isAsked) return <button type='button' onClick={() => setAsked(true)}>{text}</button>
  const confirm = () => {
    setAsked(false)
    onConfirm()
  }
  return (
    <span class='confirm' role='group' aria-label={text}>
      <span>{question}</span>
      <button type='button' class={isBad ? 'stop' : 'primary'} onClick={confirm}>{text}</button>
      <button type='button' onClick={() => setAsked(false)}>Cancel</button>
    </span>
  )
}
