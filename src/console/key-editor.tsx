import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { CreatedKey } from './data.ts'
import { Failure, Field, valueOf } from './parts.tsx'
import { useSession } from './session.tsx'
import { messageOf } from './change-message.ts'
import { settingsOf } from './key-settings.ts'

/** The fields of a form, by the names of the administration API. */
const FIELDS = [
  { name: 'name', label: 'Name', hint: 'For lists and usage', required: true },
  { name: 'team', label: 'Team', hint: 'Its limits apply, too' },
  { name: 'models', label: 'Models', hint: 'Patterns, such as xai.*, meta.*' },
  { name: 'budget', label: 'Budget', hint: '5/month, 2/day or 100000tokens/total' },
  { name: 'rpm', label: 'Requests per minute' },
  { name: 'tpm', label: 'Tokens per minute' },
  { name: 'concurrency', label: 'Requests at once' },
  { name: 'expires', label: 'Expires after', hint: '90d, 12h' },
] as const

/** Creates a key. */
export function KeyEditor({ onCreated }: { onCreated: (key: CreatedKey) => void }): VNode {
  const { gateway } = useSession()
  const [isOpen, setOpen] = useState(false)
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [failure, setFailure] = useState<string>()
  const submit = async (event: Event) => {
    event.preventDefault()
    const answer = await gateway.send<CreatedKey>('POST', 'admin/v1/keys', settingsOf(values))
    setFailure(answer.type === 'ready' ? undefined : messageOf(answer))
    if (answer.type !== 'ready') return
    setValues({})
    setOpen(false)
    onCreated(answer.data)
  }
  if (!isOpen) {
    return (
      <p class='toolbar'>
        <button type='button' class='primary' onClick={() => setOpen(true)}>Create a key</button>
      </p>
    )
  }
  return (
    <form class='editor' onSubmit={submit} aria-label='New key'>
      <EditorFields values={values} onChange={setValues} />
      {failure && <Failure message={failure} />}
      <div class='form-actions'>
        <button type='submit' class='primary' disabled={!values['name']?.trim()}>Create key</button>
        <button type='button' onClick={() => setOpen(false)}>Cancel</button>
      </div>
    </form>
  )
}

function EditorFields(
  { values, onChange }: {
    values: Readonly<Record<string, string>>
    onChange: (values: Readonly<Record<string, string>>) => void
  },
) {
  return (
    <div class='editor-fields'>
      {FIELDS.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          hint={'hint' in field ? field.hint : undefined}
        >
          {(props) => (
            <input
              {...props}
              autocomplete='off'
              inputMode={isNumber(field.name) ? 'numeric' : 'text'}
              required={'required' in field}
              value={values[field.name] ?? ''}
              onInput={(event) => onChange({ ...values, [field.name]: valueOf(event) })}
            />
          )}
        </Field>
      ))}
    </div>
  )
}

function isNumber(name: string): boolean {
  return name === 'rpm' || name === 'tpm' || name === 'concurrency'
}
