import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { API_NAMES, APIS, type FormError, type PromptForm } from './client-request.ts'
import type { Model } from './data.ts'
import { Choice, Field, valueOf } from './parts.tsx'
import type { PlaygroundState } from './playground-state.ts'
import { PromptOptions } from './prompt-options.tsx'

interface FormProps {
  models: readonly Model[]
  state: PlaygroundState
  form: PromptForm
  error: FormError | undefined
  isRunning: boolean
  onChange: (change: (before: PlaygroundState) => PlaygroundState) => void
  onRun: () => void
  onStop: () => void
}

/** The prompt and what goes with it. */
export function PlaygroundForm(props: FormProps): VNode {
  const { models, state, form, isRunning, onChange, onRun } = props
  const set = (change: Partial<PromptForm>) =>
    onChange((before) => ({ ...before, form: { ...form, ...change } }))
  const submit = (event: Event) => {
    event.preventDefault()
    if (!isRunning) onRun()
  }
  return (
    <form class='prompt-form' onSubmit={submit}>
      <div class='form-row'>
        <ModelField models={models} value={form.model} onChange={(model) => set({ model })} />
        <div class='field'>
          <span class='label'>Client API</span>
          <Choice
            label='Client API'
            options={APIS.map((api) => [api, API_NAMES[api]] as const)}
            value={form.api}
            onChange={(api) => set({ api })}
          />
        </div>
      </div>
      <PromptField {...props} />
      <ImageField state={state} onChange={onChange} />
      <PromptOptions form={form} error={props.error} set={set} />
      <FormActions {...props} />
    </form>
  )
}

function FormActions({ state, isRunning, onChange, onStop }: FormProps) {
  return (
    <div class='form-actions'>
      {isRunning
        ? <button type='button' class='stop' onClick={onStop}>Stop</button>
        : (
          <button type='submit' class='primary' disabled={state.prompt.trim() === ''}>
            Run
          </button>
        )}
      <span class='hint'>Ctrl or ⌘ + Enter</span>
      {state.turns.length > 0 && !isRunning && (
        <button
          type='button'
          onClick={() => onChange(withoutTurns)}
        >
          New conversation
        </button>
      )}
    </div>
  )
}

function withoutTurns(before: PlaygroundState): PlaygroundState {
  return { ...before, turns: [], run: undefined }
}

function ModelField(
  { models, value, onChange }: {
    models: readonly Model[]
    value: string
    onChange: (model: string) => void
  },
) {
  const vendors = [...new Set(models.map(vendorOf))].sort()
  return (
    <Field label='Model'>
      {(props) => (
        <select {...props} value={value} onChange={(event) => onChange(valueOf(event))}>
          {vendors.map((vendor) => (
            <optgroup key={vendor} label={vendor}>
              {models.filter((model) => vendorOf(model) === vendor)
                .map(({ id }) => <option key={id} value={id}>{id}</option>)}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  )
}

function vendorOf({ root, owned_by: owner }: Model): string {
  return root === undefined ? owner : 'aliases'
}

function PromptField({ state, onChange, onRun, isRunning }: FormProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => area.current?.focus({ preventScroll: true }), [])
  const keyDown = (event: KeyboardEvent) => {
    const isSent = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
    if (!isSent || isRunning || state.prompt.trim() === '') return
    event.preventDefault()
    onRun()
  }
  return (
    <Field label='Prompt'>
      {(props) => (
        <textarea
          {...props}
          ref={area}
          rows={5}
          placeholder='Ask anything, for example: Explain OCI in one sentence.'
          value={state.prompt}
          onKeyDown={keyDown}
          onInput={(event) => {
            const prompt = valueOf(event)
            onChange((before) => ({ ...before, prompt }))
          }}
        />
      )}
    </Field>
  )
}

/** Larger images would only be rejected. */
const MAX_IMAGE_BYTES = 8 * 1024 * 1024

function ImageField({ state, onChange }: Pick<FormProps, 'state' | 'onChange'>) {
  const [error, setError] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const choose = async () => {
    const file = input.current?.files?.[0]
    if (!file) return
    const isTooLarge = file.size > MAX_IMAGE_BYTES
    setError(isTooLarge ? 'The image has more than 8 MB' : undefined)
    if (isTooLarge) return
    const image = await readDataUrl(file)
    onChange((before) => ({ ...before, image }))
  }
  const remove = () => onChange((before) => ({ ...before, image: undefined }))
  return (
    <div class='image-field'>
      <label class='button'>
        {state.image ? 'Replace image' : 'Add image'}
        <input
          ref={input}
          class='visually-hidden'
          type='file'
          accept='image/png,image/jpeg,image/gif,image/webp'
          onChange={choose}
        />
      </label>
      {state.image && <img src={state.image} alt='The image of the prompt' />}
      {state.image && <button type='button' onClick={remove}>Remove image</button>}
      {error && <p class='field-error' role='alert'>{error}</p>}
    </div>
  )
}

function readDataUrl(file: File): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const reader = new FileReader()
  reader.onload = () => resolve(String(reader.result))
  reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read'))
  reader.readAsDataURL(file)
  return promise
}
