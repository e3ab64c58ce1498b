import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { AnswerUsage } from './answer-events.ts'
import { boundText } from './bound-text.ts'
import { type ClientRequest, curlCommand, type Turn } from './client-request.ts'
import type { LoggedRequest, RequestList } from './data.ts'
import { formatCount, formatMs, formatUsd } from './format.ts'
import { Markdown } from './markdown.tsx'
import { Choice, Code, CopyButton, CopyText, Empty, Failure, Term } from './parts.tsx'
import type { Run } from './run-prompt.ts'
import { useSession } from './session.tsx'
import { Waterfall } from './waterfall.tsx'

const VIEWS = [
  ['answer', 'Answer'],
  ['request', 'Request'],
  ['response', 'Response'],
  ['curl', 'curl'],
] as const
type View = (typeof VIEWS)[number][0]

interface AnswerProps {
  turns: readonly Turn[]
  run: Run | undefined
  /** The request that the form makes now; `undefined` if the form is not valid. */
  preview: () => ClientRequest | undefined
  hasKey: boolean
}

/** The conversation with its last answer, and the request and the response as they were sent. */
export function AnswerView({ turns, run, preview, hasKey }: AnswerProps): VNode {
  const [view, setView] = useState<View>('answer')
  const { gateway } = useSession()
  const request = () => run?.request ?? preview()
  return (
    <div class='answer' aria-busy={run?.state === 'waiting' || run?.state === 'streaming'}>
      <Choice label='View' options={VIEWS} value={view} onChange={setView} />
      <div class='answer-body'>
        {view === 'answer' && <Conversation turns={turns} run={run} />}
        {view === 'request' && <RequestView request={request()} />}
        {view === 'response' && <ResponseView run={run} />}
        {view === 'curl' && <CurlView base={gateway.base} request={request()} hasKey={hasKey} />}
      </div>
      {run && <Figures run={run} />}
    </div>
  )
}

function Conversation({ turns, run }: Pick<AnswerProps, 'turns' | 'run'>) {
  if (!run && turns.length === 0) {
    return (
      <Empty title='The answer streams in here'>
        Below it you see the time to the first token, tokens, cost, region, attempts and request
        ids.
      </Empty>
    )
  }
  const isEnded = run !== undefined && run.state !== 'waiting' && run.state !== 'streaming'
  const shown = isEnded && turns.at(-1)?.role === 'assistant' ? turns.slice(0, -1) : turns
  return (
    <ol class='turns'>
      {shown.map((turn, index) => <TurnView key={index} turn={turn} />)}
      {run && (
        <li class='turn assistant'>
          <AnswerText run={run} />
        </li>
      )}
    </ol>
  )
}

function TurnView({ turn: { role, text, image } }: { turn: Turn }) {
  return (
    <li class={`turn ${role}`}>
      <span class='visually-hidden'>{role === 'user' ? 'You' : 'Model'}:</span>
      {image && <img src={image} alt='The image of the prompt' />}
      {role === 'user' ? <p class='plain'>{boundText(text).shown}</p> : <Markdown text={text} />}
    </li>
  )
}

function AnswerText({ run: { state, answer } }: { run: Run }) {
  const { text, reasoning, toolCalls, error } = answer
  return (
    <>
      <span class='visually-hidden'>Model:</span>
      {reasoning !== '' && (
        <details class='reasoning' open={text === '' && state === 'streaming'}>
          <summary>Reasoning</summary>
          <p class='plain'>{boundText(reasoning, 20_000).shown}</p>
        </details>
      )}
      {text !== '' && <Markdown text={text} />}
      {toolCalls.map((call, index) => (
        <div class='tool-call' key={index}>
          <p class='label'>Tool call: {call.name.slice(0, 200)}</p>
          <Code label='Arguments' text={boundText(indented(call.arguments), 20_000).shown} />
        </div>
      ))}
      {state === 'waiting' && <p class='waiting' role='status'>Waiting for the first token …</p>}
      {state === 'stopped' && <p class='hint'>Stopped</p>}
      {error !== undefined && <Failure message={error} />}
      {text !== '' && state !== 'streaming' && <CopyButton text={text} label='Copy answer' />}
    </>
  )
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}

function RequestView({ request }: { request: ClientRequest | undefined }) {
  if (!request) return <Empty title='The options of the request are not valid' />
  const text = `POST /${request.path}\n\n${JSON.stringify(request.body, null, 2)}`
  return <Code label='Request' text={boundText(text).shown} />
}

function ResponseView({ run }: { run: Run | undefined }) {
  if (!run?.status) return <Empty title='There is no response yet' />
  const headers = Object.entries(run.headers).map(([name, value]) => `${name}: ${value}`)
  const { shown, notice } = boundText(run.raw, 60_000)
  const isCut = run.rawLength > shown.length
  return (
    <>
      <Code label='Response' text={`HTTP ${run.status}\n${headers.join('\n')}\n\n${shown}`} />
      {isCut && (
        <p class='hint'>
          {notice ?? `The response has ${formatCount(run.rawLength)} characters.`}
        </p>
      )}
    </>
  )
}

function CurlView(
  { base, request, hasKey }: { base: string; request: ClientRequest | undefined; hasKey: boolean },
) {
  if (!request) return <Empty title='The options of the request are not valid' />
  return (
    <>
      <Code label='Command' text={curlCommand(base, request, hasKey)} />
      {hasKey && (
        <p class='hint'>
          Put your API key into <code>GATEWAY_KEY</code>: it is not part of the command.
        </p>
      )}
    </>
  )
}

/** What the answer took and cost, as the client measured it and as the gateway recorded it. */
function Figures({ run }: { run: Run }) {
  const record = useRecord(run)
  const usage = run.answer.usage ?? recordUsage(record)
  const cost = record?.cost ?? run.answer.usage?.cost ?? run.headers['x-oci-cost']
  const region = record?.region ?? run.headers['x-oci-region']
  const attempts = record?.attempts.length ?? run.headers['x-oci-attempts']
  const fallback = record?.fallback ?? run.headers['x-oci-fallback']
  return (
    <div class='figures'>
      <dl>
        <Term name='First token' value={formatMs(run.firstTokenMs)} />
        <Term name='Total' value={formatMs(run.totalMs)} />
        <Term name='Prompt tokens' value={formatCount(usage?.prompt)} note={cachedNote(usage)} />
        <Term
          name='Answer tokens'
          value={formatCount(usage?.completion)}
          note={reasoningNote(usage)}
        />
        <Term name='Cost' value={formatUsd(cost)} note={cost === undefined ? 'no price' : ''} />
        <Term name='Region' value={region ?? '–'} />
        <Term name='Attempts' value={attempts === undefined ? '–' : String(attempts)} />
      </dl>
      {fallback && <p class='warning'>Answered by the fallback model {fallback}</p>}
      {record && record.attempts.length > 1 && <Waterfall request={record} />}
      <Ids headers={run.headers} />
    </div>
  )
}

function Ids({ headers }: { headers: Run['headers'] }) {
  const [own, oci] = [headers['x-request-id'], headers['opc-request-id']]
  return (
    <div class='ids'>
      {own && <CopyText text={own} label='Request id' />}
      {oci && <CopyText text={oci} label='OCI request id' />}
    </div>
  )
}

function cachedNote(usage: AnswerUsage | undefined): string {
  return usage?.cached ? `${formatCount(usage.cached)} cached` : ''
}

function reasoningNote(usage: AnswerUsage | undefined): string {
  return usage?.reasoning ? `${formatCount(usage.reasoning)} reasoning` : ''
}

function recordUsage(record: LoggedRequest | undefined): AnswerUsage | undefined {
  if (!record?.tokens) return undefined
  const { prompt, completion, cached, reasoning } = record.tokens
  return { prompt, completion, cached, reasoning, cost: undefined }
}

/** The gateway's own record of a request that has ended, where it may be read. */
function useRecord(run: Run): LoggedRequest | undefined {
  const { gateway } = useSession()
  const [record, setRecord] = useState<LoggedRequest>()
  const id = run.totalMs === undefined ? undefined : run.headers['x-request-id']
  useEffect(() => {
    setRecord(undefined)
    if (id === undefined) return
    const abort = new AbortController()
    const path = `admin/v1/requests?id=${encodeURIComponent(id)}`
    void gateway.get<RequestList>(path, 'admin', abort.signal).then((answer) => {
      if (answer.type === 'ready') setRecord(answer.data.requests[0])
    })
    return () => abort.abort()
  }, [gateway, id])
  return record
}
