import type { VNode } from 'preact'
import type { FormError, PromptForm } from './client-request.ts'
import { Field, valueOf } from './parts.tsx'

const EXAMPLE_TOOL = JSON.stringify(
  [{
    name: 'get_weather',
    description: 'Returns the weather in a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  }],
  null,
  2,
)

const EXAMPLE_SCHEMA = JSON.stringify(
  {
    type: 'object',
    properties: { answer: { type: 'string' }, confidence: { type: 'number' } },
    required: ['answer', 'confidence'],
    additionalProperties: false,
  },
  null,
  2,
)

type Setter = (change: Partial<PromptForm>) => void

interface OptionsProps {
  form: PromptForm
  error: FormError | undefined
  set: Setter
}

/** The fields that most prompts do not need. */
export function PromptOptions({ form, error, set }: OptionsProps): VNode {
  const message = (field: keyof PromptForm) => error?.field === field ? error.message : undefined
  const names = optionNames(form)
  return (
    <details class='options' open={error !== undefined || undefined}>
      <summary>
        Options{names.length > 0 && <span class='count'>{names.join(', ')}</span>}
      </summary>
      <TextOption label='System text' name='system' form={form} set={set} rows={2} />
      <TextOption
        label='Tools'
        name='tools'
        {...{ form, set, rows: 4, example: EXAMPLE_TOOL, error: message('tools') }}
      />
      <TextOption
        label='JSON Schema of the answer'
        name='schema'
        {...{ form, set, rows: 4, example: EXAMPLE_SCHEMA, error: message('schema') }}
      />
      <div class='form-row'>
        <NumberOption label='Maximum tokens' name='maxTokens' form={form} set={set} />
        <NumberOption label='Temperature' name='temperature' form={form} set={set} />
      </div>
    </details>
  )
}

function optionNames({ system, tools, schema, maxTokens, temperature }: PromptForm): string[] {
  const named: readonly (readonly [text: string, name: string])[] = [
    [system, 'system text'],
    [tools, 'tools'],
    [schema, 'JSON Schema'],
    [maxTokens, 'maximum'],
    [temperature, 'temperature'],
  ]
  return named.filter(([text]) => text.trim() !== '').map(([, name]) => name)
}

type TextName = 'system' | 'tools' | 'schema'

function TextOption(
  { label, name, form, set, rows, example, error }: {
    label: string
    name: TextName
    form: PromptForm
    set: Setter
    rows: number
    example?: string
    error?: string | undefined
  },
) {
  return (
    <div class='with-example'>
      <Field label={label} error={error}>
        {(props) => (
          <textarea
            {...props}
            rows={rows}
            spellcheck={false}
            class={example ? 'mono' : undefined}
            value={form[name]}
            onInput={(event) => set({ [name]: valueOf(event) })}
          />
        )}
      </Field>
      {example && form[name] === '' && (
        <button
          type='button'
          class='link'
          aria-label={`Insert an example: ${label}`}
          onClick={() => set({ [name]: example })}
        >
          Insert an example
        </button>
      )}
    </div>
  )
}

function NumberOption(
  { label, name, form, set }: {
    label: string
    name: 'maxTokens' | 'temperature'
    form: PromptForm
    set: Setter
  },
) {
  return (
    <Field label={label}>
      {(props) => (
        <input
          {...props}
          type='number'
          min='0'
          step={name === 'temperature' ? '0.1' : '1'}
          placeholder='default'
          value={form[name]}
          onInput={(event) => set({ [name]: valueOf(event) })}
        />
      )}
    </Field>
  )
}
