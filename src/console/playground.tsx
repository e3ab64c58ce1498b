import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { AnswerView } from './answer-view.tsx'
import {
  buildRequest,
  type ClientRequest,
  FormError,
  type PromptForm,
  type Turn,
} from './client-request.ts'
import type { Model } from './data.ts'
import { Empty, Panel, Show } from './parts.tsx'
import { PlaygroundForm } from './playground-form.tsx'
import { type Run, runPrompt, startedRun } from './run-prompt.ts'
import { useSession } from './session.tsx'

/** What the playground holds between two views of it. */
export interface PlaygroundState {
  form: PromptForm
  prompt: string
  /** A `data:` URL. */
  image: string | undefined
  turns: readonly Turn[]
  run: Run | undefined
}

export const EMPTY_PLAYGROUND: PlaygroundState = {
  form: {
    ...{ api: 'chat', model: '', system: '', tools: '', schema: '' },
    ...{ maxTokens: '', temperature: '' },
  },
  prompt: '',
  image: undefined,
  turns: [],
  run: undefined,
}

/** Models that every tenancy may use are tried first. */
const PREFERRED = ['xai.grok-4.3', 'openai.gpt-oss-120b', 'meta.llama-3.3-70b-instruct']

/** The model that is selected at first. */
export function firstModel(models: readonly Model[]): string {
  const known = PREFERRED.find((id) => models.some((model) => model.id === id))
  const own = models.find(({ root, capabilities }) => root === undefined && capabilities?.tools)
  return known ?? own?.id ?? models[0]?.id ?? ''
}

interface PlaygroundProps {
  state: PlaygroundState
  onChange: (change: (before: PlaygroundState) => PlaygroundState) => void
}

/** A prompt for any model, through any of the client APIs, and everything about its answer. */
export function Playground({ state, onChange }: PlaygroundProps): VNode {
  const { models } = useSession()
  return (
    <Panel title='Playground'>
      <Show data={models} kind='client' missing='The gateway has no list of models.'>
        {(list) =>
          list.length === 0
            ? <Empty title='OCI lists no chat model for this credential' />
            : <Ready models={list} state={state} onChange={onChange} />}
      </Show>
    </Panel>
  )
}

function Ready({ models, state, onChange }: PlaygroundProps & { models: readonly Model[] }) {
  const { gateway, keys, refresh } = useSession()
  const [error, setError] = useState<FormError>()
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const form = withModel(state.form, models)
  const isRunning = state.run?.state === 'waiting' || state.run?.state === 'streaming'
  const start = async () => {
    const turns = [...state.turns, newTurn(state)]
    const request = tryBuild(form, turns, setError)
    if (!request || isRunning) return
    abort.current = new AbortController()
    const report = (run: Run) => onChange((before) => ({ ...before, run }))
    const started = startedRun(form.api, request)
    onChange((before) => ({ ...before, turns, run: started, prompt: '', image: undefined }))
    const ended = await runPrompt(started, gateway, abort.current.signal, report)
    onChange((before) => ({ ...before, run: ended, turns: withAnswer(turns, ended) }))
    refresh()
  }
  const preview = () => previewOf(form, state)
  return (
    <div class='playground'>
      <PlaygroundForm
        {...{ models, state, form, error, isRunning, onChange }}
        onRun={() => void start()}
        onStop={() => abort.current?.abort()}
      />
      <AnswerView
        {...{ turns: state.turns, run: state.run, preview, hasKey: keys.client !== '' }}
      />
    </div>
  )
}

function withModel(form: PromptForm, models: readonly Model[]): PromptForm {
  return form.model === '' ? { ...form, model: firstModel(models) } : form
}

function newTurn({ prompt, image }: PlaygroundState): Turn {
  return { role: 'user', text: prompt.trim(), image }
}

/** The answer is a part of the conversation, unless there is none. */
function withAnswer(turns: readonly Turn[], { answer }: Run): readonly Turn[] {
  return answer.text === '' ? turns : [...turns, { role: 'assistant', text: answer.text }]
}

function tryBuild(
  form: PromptForm,
  turns: readonly Turn[],
  onError: (error: FormError | undefined) => void,
): ClientRequest | undefined {
  try {
    const request = buildRequest(form, turns)
    onError(undefined)
    return request
  } catch (error) {
    if (!(error instanceof FormError)) throw error
    onError(error)
    return undefined
  }
}

/** The request that the form makes now, for the views of it before it is sent. */
function previewOf(form: PromptForm, state: PlaygroundState): ClientRequest | undefined {
  const turns = state.prompt.trim() === '' && state.turns.length > 0
    ? state.turns.filter(({ role }, index) => role === 'user' || index < state.turns.length - 1)
    : [...state.turns, newTurn(state)]
  return tryBuild(form, turns, () => {})
}
