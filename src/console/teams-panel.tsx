import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { BudgetBar, limitTexts } from './budget-bar.tsx'
import type { Team } from './data.ts'
import { settingsOf } from './key-settings.ts'
import { messageOf } from './change-message.ts'
import { Empty, Failure, Field, Panel, Show, valueOf } from './parts.tsx'
import { usePolled, useSession } from './session.tsx'

const INTERVAL = 10_000

/** Teams and the limits that their keys share. */
export function TeamsPanel(): VNode {
  const { gateway, keys } = useSession()
  const [list, refresh] = usePolled<readonly Team[]>(gateway, 'admin/v1/teams', 'admin', {
    interval: INTERVAL,
    key: keys.admin,
  })
  return (
    <Panel title='Teams' note='A request of a key has to fit the limits of its team, too.'>
      <Show data={list} kind='admin' missing='The gateway has no teams.'>
        {(teams) =>
          teams.length === 0
            ? <Empty title='No teams yet'>A team exists as soon as a key names it.</Empty>
            : (
              <ul class='cards'>
                {teams.map((team) => <TeamCard key={team.name} team={team} onChange={refresh} />)}
              </ul>
            )}
      </Show>
    </Panel>
  )
}

function TeamCard({ team, onChange }: { team: Team; onChange: () => void }) {
  const [isEdited, setEdited] = useState(false)
  const texts = limitTexts(team.limits)
  return (
    <li class='card'>
      <div class='card-head'>
        <h3>{team.name}</h3>
      </div>
      <ul class='facts'>
        {texts.length === 0 && <li>no rate limits</li>}
        {texts.map((text) => <li key={text}>{text}</li>)}
      </ul>
      {team.budget && <BudgetBar budget={team.budget} />}
      {isEdited
        ? (
          <TeamEditor
            team={team}
            onDone={() => {
              setEdited(false)
              onChange()
            }}
          />
        )
        : (
          <div class='card-actions'>
            <button type='button' onClick={() => setEdited(true)}>Change limits</button>
          </div>
        )}
    </li>
  )
}

const FIELDS = [
  ['budget', 'Budget', '5/month or 100000tokens/total'],
  ['rpm', 'Requests per minute', undefined],
  ['tpm', 'Tokens per minute', undefined],
  ['concurrency', 'Requests at once', undefined],
] as const

function TeamEditor({ team: { name, limits }, onDone }: { team: Team; onDone: () => void }) {
  const { gateway } = useSession()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({
    rpm: String(limits.rpm ?? ''),
    tpm: String(limits.tpm ?? ''),
    concurrency: String(limits.concurrency ?? ''),
  })
  const [failure, setFailure] = useState<string>()
  const submit = async (event: Event) => {
    event.preventDefault()
    const path = `admin/v1/teams/${encodeURIComponent(name)}`
    const answer = await gateway.send('PATCH', path, changesOf(values))
    if (answer.type === 'ready') onDone()
    else setFailure(messageOf(answer))
  }
  return (
    <form onSubmit={submit} aria-label={`Limits of ${name}`}>
      <div class='editor-fields'>
        {FIELDS.map(([field, label, hint]) => (
          <Field key={field} label={label} hint={hint}>
            {(props) => (
              <input
                {...props}
                autocomplete='off'
                value={values[field] ?? ''}
                onInput={(event) => setValues({ ...values, [field]: valueOf(event) })}
              />
            )}
          </Field>
        ))}
      </div>
      {failure && <Failure message={failure} />}
      <div class='form-actions'>
        <button type='submit' class='primary'>Save</button>
        <button type='button' onClick={onDone}>Cancel</button>
      </div>
    </form>
  )
}

/** An emptied rate is removed; the budget stays unless another one is typed. */
function changesOf(values: Readonly<Record<string, string>>): object {
  const removed = ['rpm', 'tpm', 'concurrency'].filter((name) => values[name]?.trim() === '')
  return { ...settingsOf(values), ...Object.fromEntries(removed.map((name) => [name, null])) }
}
