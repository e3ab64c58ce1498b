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
import { firstModel, type PlaygroundState } from './playground-state.ts'
import { type Run, runPrompt, startedRun } from './run-prompt.ts'
import { useSession } from './session.tsx'

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

/** The request that the form makes now, for its views before it is sent. */
function previewOf(form: PromptForm, state: PlaygroundState): ClientRequest | undefined {
  const turns = state.prompt.trim() === '' && state.turns.length > 0
    ? state.turns.filter(({ role }, index) => role === 'user' || index < state.turns.length - 1)
    : [...state.turns, newTurn(state)]
  return tryBuild(form, turns, () => {})
}
