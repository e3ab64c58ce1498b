import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { KeyKind } from './gateway-client.ts'
import { type Loaded, useSession } from './session.tsx'

/** A section with a heading. */
export function Panel(
  { title, note, actions, children }: {
    title: string
    note?: ComponentChildren
    actions?: ComponentChildren
    children: ComponentChildren
  },
): VNode {
  const id = useId()
  return (
    <section class='panel' aria-labelledby={id}>
      <header class='panel-head'>
        <h2 id={id}>{title}</h2>
        {note && <p class='note'>{note}</p>}
        {actions && <div class='actions'>{actions}</div>}
      </header>
      {children}
    </section>
  )
}

/** Shows data, or why there are none: loading, a missing key, a missing feature, a failure. */
export function Show<T>(
  { data, kind, missing, children }: {
    data: Loaded<T>
    kind: KeyKind
    missing: ComponentChildren
    children: (data: T) => ComponentChildren
  },
): VNode {
  switch (data.type) {
    case 'loading':
      return <Loading />
    case 'locked':
      return <KeyForm kind={kind} />
    case 'missing':
      return <Empty title='Not available'>{missing}</Empty>
    case 'failed':
      return <Failure message={data.message} />
    case 'ready':
      return <>{children(data.data)}</>
  }
}

/** Lines in the place of data that are on their way. */
export function Loading(): VNode {
  return (
    <div class='loading' role='status'>
      <span class='visually-hidden'>Loading</span>
      <i />
      <i />
      <i />
    </div>
  )
}

/** There is nothing to show, and what would change that. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  return (
    <div class='empty'>
      <p class='empty-title'>{title}</p>
      {children && <div class='empty-text'>{children}</div>}
    </div>
  )
}

/** Something did not work. */
export function Failure({ message }: { message: string }): VNode {
  return (
    <div class='failure' role='alert'>
      <Icon name='alert' />
      <p>{message}</p>
    </div>
  )
}

const KEY_TEXTS: Readonly<Record<KeyKind, { title: string; label: string; hint: string }>> = {
  admin: {
    title: 'These data need the administration key',
    label: 'Administration key',
    hint: 'The value of GATEWAY_ADMIN_KEY. It stays in the memory of this page.',
  },
  client: {
    title: 'Models and the playground need an API key',
    label: 'API key',
    hint: 'A key of this gateway, as clients send it. It stays in the memory of this page.',
  },
}

/** Asks for a key. It is kept in memory only. */
export function KeyForm({ kind }: { kind: KeyKind }): VNode {
  const { keys, setKey } = useSession()
  const { title, label, hint } = KEY_TEXTS[kind]
  const [text, setText] = useState('')
  const isWrong = keys[kind] !== '' && text === ''
  const submit = (event: Event) => {
    event.preventDefault()
    setKey(kind, text)
    setText('')
  }
  return (
    <form class='key-form' onSubmit={submit}>
      <p class='empty-title'>{isWrong ? 'The gateway does not accept this key' : title}</p>
      <Field label={label} hint={hint}>
        {(props) => (
          <span class='joined'>
            <input {...props} {...SECRET} value={text} onInput={(e) => setText(valueOf(e))} />
            <button type='submit' class='primary' disabled={text.trim() === ''}>Unlock</button>
          </span>
        )}
      </Field>
    </form>
  )
}

/** Browsers must not store a key, and password managers must not offer to. */
const SECRET = {
  type: 'password',
  autocomplete: 'off',
  spellcheck: false,
} as const

interface FieldProps {
  'id': string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

/** A labelled control, with a hint or an error below it. */
export function Field(
  { label, hint, error, children }: {
    label: string
    hint?: string | undefined
    error?: string | undefined
    children: (props: FieldProps) => ComponentChildren
  },
): VNode {
  const id = useId()
  const text = error ?? hint
  return (
    <div class='field'>
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': text ? `${id}-text` : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {text && <p id={`${id}-text`} class={error ? 'field-error' : 'hint'}>{text}</p>}
    </div>
  )
}

/** The text of an input. */
export function valueOf(event: Event): string {
  return (event.currentTarget as HTMLInputElement).value
}

/** One of a few values, as adjacent buttons. */
export function Choice<T extends string>(
  { label, options, value, onChange }: {
    label: string
    options: readonly (readonly [value: T, text: string])[]
    value: T
    onChange: (value: T) => void
  },
): VNode {
  return (
    <div class='choice' role='group' aria-label={label}>
      {options.map(([option, text]) => (
        <button
          key={option}
          type='button'
          aria-pressed={option === value}
          onClick={() => onChange(option)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}

/** One item of a list of names and values. Without a value it is left out. */
export function Term(
  { name, value, note, isBad = false }: {
    name: string
    value: string | null | undefined
    note?: string
    isBad?: boolean
  },
): VNode | null {
  if (!value) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isBad ? 'bad' : undefined}>
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  )
}

/** Copies a text, and says so for two seconds. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }): VNode {
  const [isCopied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = async () => {
    await copyText(text)
    setCopied(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <button type='button' class='copy' onClick={copy} title={`Copy: ${label}`}>
      <Icon name={isCopied ? 'check' : 'copy'} />
      <span aria-live='polite'>{isCopied ? 'Copied' : label}</span>
    </button>
  )
}

/** The clipboard exists only in a secure context, which a host name without TLS is not. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return await navigator.clipboard.writeText(text).catch(() => {})
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

/** A text with a copy button, such as a request id. */
export function CopyText({ text, label }: { text: string; label: string }): VNode {
  return (
    <span class='copy-text'>
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}

/** A block of code, bounded in height, with a copy button. */
export function Code({ text, label }: { text: string; label: string }): VNode {
  return (
    <div class='code'>
      <pre tabIndex={0} aria-label={label}>{text}</pre>
      <CopyButton text={text} />
    </div>
  )
}

const ICONS = {
  alert: 'M8 1.5 15 14H1L8 1.5Zm0 5v3.5m0 2v.5',
  check: 'm2.5 8.5 3.5 3.5 7.5-8',
  copy: 'M5.5 5.5h8v8h-8zM10.500 5.500v-3h-8v8h3',
  scheme: 'M8 2a6 6 0 1 0 0 12zm0 0a6 6 0 0 1 0 12',
  chevron: 'm6 3.500 4.500 4.500L6 12.500',
} as const

/** A drawing of 16 × 16 units. It has no meaning of its own. */
export function Icon({ name }: { name: keyof typeof ICONS }): VNode {
  return (
    <svg class='icon' viewBox='0 0 16 16' width='16' height='16' aria-hidden='true'>
      <path d={ICONS[name]} />
    </svg>
  )
}
