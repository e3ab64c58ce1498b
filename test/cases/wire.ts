/** The parts of an OpenAI chat completion that the cases check. */
export interface Completion {
  id: string
  object: string
  created: number
  model: string
  choices: Choice[]
  usage?: object
  service_tier?: string
}

export interface Choice {
  index: number
  message: Message
  logprobs: object | null
  finish_reason: string
}

export interface Message {
  role: string
  content: string | null
  refusal?: string | null
  reasoning_content?: string
  tool_calls?: ToolCall[]
  annotations?: object[]
}

export interface ToolCall {
  id: string
  type: string
  function: { name: string; arguments: string }
}

/** A chunk of an OpenAI stream. */
export interface Chunk {
  id: string
  object: string
  created: number
  model: string
  choices: ChunkChoice[]
  usage?: object | null
  service_tier?: string
}

export interface ChunkChoice {
  index: number
  delta: Delta
  logprobs: { content: object[] } | null
  finish_reason: string | null
}

export interface Delta {
  role?: string
  content?: string
  refusal?: string
  reasoning_content?: string
  tool_calls?: ToolCallDelta[]
  annotations?: object[]
}

export interface ToolCallDelta {
  index: number
  id?: string
  type?: string
  function: { name?: string; arguments: string }
}

/** An OpenAI error body. */
export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string }
}
