import type { ComponentChildren, VNode } from 'preact'
import type { Status } from './data.ts'
import { formatCount, formatIn } from './format.ts'
import { CopyButton, Icon } from './parts.tsx'
import { useSession } from './session.tsx'

/** `api_key` as `API key`. */
function credentialName(kind: string): string {
  return kind.replaceAll('_', ' ').replace(/\b(api|oke|genai)\b/g, (word) => word.toUpperCase())
}

/** Differences of clocks that are worth a word, in seconds. */
const NOTABLE_OFFSET = 2

/** The one line that says whether the gateway works, and with what. */
export function StatusLine(): VNode {
  const { status, models } = useSession()
  switch (status.type) {
    case 'loading':
      return <Line state='idle'>Reading the state of the gateway …</Line>
    case 'failed':
      return <Line state='bad'>{status.message}</Line>
    case 'locked':
      return <Line state='idle'>State and usage need the administration key</Line>
    case 'missing':
      return (
        <Line state='idle'>
          {models.type === 'ready'
            ? `${formatCount(models.data.length)} chat models`
            : 'This gateway needs an API key'}
          <span>
            Set <code>GATEWAY_ADMIN_KEY</code> for state and usage
          </span>
        </Line>
      )
    case 'ready':
      return status.data.problem
        ? <Problem {...status.data.problem} />
        : <Facts status={status.data} />
  }
}

function Problem({ wrong, fix }: { wrong: string; fix: string }) {
  return (
    <div class='status bad' role='alert'>
      <Icon name='alert' />
      <p>{`${wrong.slice(0, 1).toUpperCase()}${wrong.slice(1)}.`}</p>
      <code class='fix'>{fix}</code>
      <CopyButton text={fix} label='Copy command' />
    </div>
  )
}

function Facts({ status }: { status: Status }) {
  const { credential, regions, models, clockOffsetSeconds, draining } = status
  if (draining) return <Line state='warn'>The gateway is shutting down</Line>
  return (
    <Line state='good'>
      {credential && (
        <span title={credential.source}>
          {credentialName(credential.kind)}
          {credential.expiresAt &&
            ` (token expires ${formatIn(credential.expiresAt, Date.parse(status.now))})`}
        </span>
      )}
      <span>{regions.join(', ')}</span>
      <span>{models ? `${formatCount(models.count)} models` : 'models not listed yet'}</span>
      <span>{clockText(clockOffsetSeconds)}</span>
    </Line>
  )
}

function clockText(seconds: number): string {
  if (Math.abs(seconds) < NOTABLE_OFFSET) return 'clock agrees with OCI'
  return `clock corrected by ${seconds > 0 ? '+' : '−'}${formatCount(Math.abs(seconds))} s`
}

function Line(
  { state, children }: { state: 'good' | 'warn' | 'bad' | 'idle'; children: ComponentChildren },
) {
  return (
    <div class={`status ${state}`} role='status'>
      <i class='dot' />
      {children}
    </div>
  )
}
