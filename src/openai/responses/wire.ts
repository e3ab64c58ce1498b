import type { ServiceTier } from '../chat/wire.ts'
import type { TokenLogprobs, UrlCitation } from '../encode-parts.ts'

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

/** An output item. */
export type OutputItem = ReasoningOutput | MessageOutput | CallOutput | CompactionOutput

/** A call, of the kind that the client declared. */
export type CallOutput =
  | FunctionCallOutput
  | CustomCallOutput
  | ShellCallOutput
  | LocalShellCallOutput
  | ApplyPatchCallOutput
  | ToolSearchCallOutput
  | ComputerCallOutput

export interface ReasoningOutput {
  id: string
  type: 'reasoning'
  summary: SummaryPart[]
}

export interface SummaryPart {
  type: 'summary_text'
  text: string
}

export interface MessageOutput {
  id: string
  type: 'message'
  status: ItemStatus
  role: 'assistant'
  content: MessagePart[]
}

export type MessagePart = OutputText | OutputRefusal

export interface OutputText {
  type: 'output_text'
  annotations: Citation[]
  logprobs: TokenLogprobs[]
  text: string
}

export interface OutputRefusal {
  type: 'refusal'
  refusal: string
}

export interface Citation extends UrlCitation {
  type: 'url_citation'
}

export interface FunctionCallOutput {
  id: string
  type: 'function_call'
  status: ItemStatus
  call_id: string
  name: string
  /** The namespace of the tool. */
  namespace?: string
  arguments: string
}

export interface CustomCallOutput {
  id: string
  type: 'custom_tool_call'
  status: ItemStatus
  call_id: string
  name: string
  namespace?: string
  input: string
}

/** What the items of calls share. */
interface CallState {
  id: string
  status: ItemStatus
  call_id: string
}

export interface ShellCallOutput extends CallState {
  type: 'shell_call'
  action: { commands: string[]; timeout_ms: number | null; max_output_length: number | null }
  environment: { type: 'local' }
}

export interface LocalShellCallOutput extends CallState {
  type: 'local_shell_call'
  action: {
    type: 'exec'
    command: string[]
    env: Record<string, string>
    timeout_ms: number | null
    user: string | null
    working_directory: string | null
  }
}

export interface ApplyPatchCallOutput extends CallState {
  type: 'apply_patch_call'
  status: 'in_progress' | 'completed'
  operation:
    | { type: 'create_file' | 'update_file'; path: string; diff: string }
    | { type: 'delete_file'; path: string }
}

export interface ToolSearchCallOutput extends CallState {
  type: 'tool_search_call'
  execution: 'client'
  arguments: Readonly<Record<string, unknown>>
}

/** A call of `computer` has a list of actions, one of `computer_use_preview` a single action. */
export interface ComputerCallOutput extends CallState {
  type: 'computer_call'
  action?: ComputerAction
  actions?: ComputerAction[]
  pending_safety_checks: []
}

interface Point {
  x: number
  y: number
}

export type ComputerAction =
  | Point & {
    type: 'click'
    button: 'left' | 'right' | 'wheel' | 'back' | 'forward'
    keys: string[] | null
  }
  | Point & { type: 'double_click' | 'move'; keys: string[] | null }
  | { type: 'drag'; path: Point[]; keys: string[] | null }
  | { type: 'keypress'; keys: string[] }
  | Point & { type: 'scroll'; scroll_x: number; scroll_y: number; keys: string[] | null }
  | { type: 'type'; text: string }
  | { type: 'screenshot' | 'wait' }

/** The summary that replaces a conversation. */
export interface CompactionOutput {
  id: string
  type: 'compaction'
  encrypted_content: string
}

export interface ResponseUsage {
  input_tokens: number
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number }
  output_tokens: number
  output_tokens_details: { reasoning_tokens: number }
  total_tokens: number
  /** USD; OpenAI has no such member. */
  cost?: number
}

/** OpenAI's failure codes, as far as the gateway uses them. */
export type FailureCode =
  | 'server_error'
  | 'rate_limit_exceeded'
  | 'invalid_prompt'
  | 'context_length_exceeded'

export interface ResponseFailure {
  code: FailureCode
  message: string
}

/** The members of a response that do not repeat its request. */
export interface ResponseState {
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  /** Seconds since the epoch. */
  completed_at: number | null
  error: ResponseFailure | null
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null
  output: OutputItem[]
  service_tier: ServiceTier
  /** `null` when OCI counts no tokens. */
  usage: ResponseUsage | null
}

/** OpenAI's `response`. */
export interface ResponseObject extends ResponseState, ResponseEcho {
  id: string
  object: 'response'
  /** Seconds since the epoch. */
  created_at: number
  model: string
}

/** OpenAI's answer of `/responses/compact`. */
export interface CompactedResponse {
  id: string
  object: 'response.compaction'
  /** Seconds since the epoch. */
  created_at: number
  output: readonly (CompactionOutput | Readonly<Record<string, unknown>>)[]
  usage: ResponseUsage | null
}

/** The members of a response that repeat its request, with OpenAI's defaults. */
export interface ResponseEcho {
  access_programs: null
  background: false
  frequency_penalty: 0
  instructions: string | null
  max_output_tokens: number | null
  max_tool_calls: number | null
  metadata: Readonly<Record<string, unknown>>
  parallel_tool_calls: boolean
  presence_penalty: 0
  previous_response_id: string | null
  prompt_cache_key: string | null
  reasoning: Readonly<Record<string, unknown>>
  safety_identifier: string | null
  /** Whether the response is stored. */
  store: boolean
  temperature: number
  text: Readonly<Record<string, unknown>>
  tool_choice: unknown
  tools: readonly unknown[]
  top_logprobs: number
  top_p: number
  truncation: 'auto' | 'disabled'
  user?: string
}
