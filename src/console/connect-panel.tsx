import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { activityOf, type ClientText, fillIn } from './client-texts.ts'
import type { Activity, Model } from './data.ts'
import { formatCount } from './format.ts'
import { Choice, Code, Field, Panel, valueOf } from './parts.tsx'
import { firstModel } from './playground-state.ts'
import { useSession } from './session.tsx'

/** The build renders the texts of all clients into the page. */
declare const CLIENT_TEXTS: readonly ClientText[]

/** Clients accept no empty key, also for a gateway without keys. */
const NO_KEY = 'none'
const KEY_PLACEHOLDER = 'YOUR_KEY'

/** How to use the gateway from one's own client. A client turns green at its first request. */
export function ConnectPanel({ model: selected }: { model: string }): VNode {
  const { status, models, keys } = useSession()
  const [name, setName] = useState('codex')
  const list = models.type === 'ready' ? models.data : []
  const model = list.find(({ id }) => id === selected) ??
    list.find(({ id }) => id === firstModel(list))
  const activities = status.type === 'ready' ? status.data.clients : []
  const client = CLIENT_TEXTS.find((candidate) => candidate.name === name) ?? CLIENT_TEXTS[0]
  const needsKey = models.type === 'locked' || keys.client !== ''
  return (
    <Panel title='Use it from your own client' note='URL, model and key are filled in.'>
      <div class='connect'>
        <ClientList activities={activities} selected={name} onSelect={setName} />
        {client && (
          <ClientView
            key={client.name}
            client={client}
            model={model ?? { id: 'MODEL' }}
            clientKey={keys.client}
            needsKey={needsKey}
            activity={activityOf(client, activities, CLIENT_TEXTS)}
          />
        )}
      </div>
    </Panel>
  )
}

interface ListProps {
  activities: readonly Activity[]
  selected: string
  onSelect: (name: string) => void
}

function ClientList({ activities, selected, onSelect }: ListProps) {
  return (
    <>
      <div class='clients' role='group' aria-label='Clients'>
        {CLIENT_TEXTS.map((client) => (
          <ClientChip key={client.name} {...{ client, activities, selected, onSelect }} />
        ))}
      </div>
      <div class='client-select'>
        <Field label='Client'>
          {(props) => (
            <select
              {...props}
              value={selected}
              onChange={(event) => onSelect(valueOf(event))}
            >
              {CLIENT_TEXTS.map(({ name, title }) => (
                <option key={name} value={name}>{title}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </>
  )
}

function ClientChip(
  { client, activities, selected, onSelect }: ListProps & { client: ClientText },
) {
  const isActive = activityOf(client, activities, CLIENT_TEXTS) !== undefined
  return (
    <button
      type='button'
      class={isActive ? 'client active' : 'client'}
      aria-pressed={client.name === selected}
      onClick={() => onSelect(client.name)}
    >
      <i class='dot' />
      {client.title}
      {isActive && <span class='visually-hidden'>(works)</span>}
    </button>
  )
}

interface ClientProps {
  client: ClientText
  model: Pick<Model, 'id' | 'context_length' | 'max_output_tokens'>
  clientKey: string
  needsKey: boolean
  activity: Activity | undefined
}

function ClientView({ client, model, clientKey, needsKey, activity }: ClientProps) {
  const { gateway: { base } } = useSession()
  const [isShown, setShown] = useState(false)
  const shownKey = needsKey ? (isShown && clientKey) || KEY_PLACEHOLDER : NO_KEY
  const values = { url: base, key: shownKey, model }
  const parts = [...commandOf(client, base, needsKey), ...client.parts]
  return (
    <div class='client-view'>
      <FirstRequest client={client} activity={activity} />
      {clientKey !== '' && (
        <Choice
          label='Key in the texts'
          options={[['no', 'Hide the key'], ['yes', 'Fill in the key']]}
          value={isShown ? 'yes' : 'no'}
          onChange={(value) => setShown(value === 'yes')}
        />
      )}
      {parts.map(({ heading, text }) => (
        <div key={heading}>
          <h3>{heading}</h3>
          <Code label={`${client.title}: ${heading}`} text={fillIn(text, values).trimEnd()} />
        </div>
      ))}
    </div>
  )
}

/** The command that writes the client's files, which finds a local gateway by its port. */
function commandOf(
  { name, hasFiles }: ClientText,
  base: string,
  needsKey: boolean,
): ClientText['parts'] {
  if (!hasFiles) return []
  const key = needsKey ? ' --key YOUR_KEY' : ''
  const text = `npx oci-genai-gateway connect ${name} --write --url ${base}${key}`
  return [{ heading: 'One command', text }]
}

function FirstRequest(
  { client: { title, tryIt }, activity }: {
    client: ClientText
    activity: Activity | undefined
  },
) {
  if (!activity) {
    return (
      <p class='first-request' role='status'>
        <i class='dot' />
        <span>
          Waiting for the first request of {title}
          {tryIt && (
            <>
              , for example <code>{tryIt}</code>
            </>
          )}
        </span>
      </p>
    )
  }
  const { agent, endpoint, succeeded } = activity
  return (
    <p class='first-request works' role='status'>
      <i class='dot' />
      <span>
        <strong>{title} works.</strong> {formatCount(succeeded)}{' '}
        {succeeded === 1 ? 'request' : 'requests'} of {agent} to {endpoint}
      </span>
    </p>
  )
}
