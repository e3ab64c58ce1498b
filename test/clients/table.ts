import { AI_SDK } from './ai-sdk/client.ts'
import { ANTHROPIC } from './anthropic/client.ts'
import { CLAUDE_CODE } from './claude-code/client.ts'
import type { Client } from './client.ts'
import { CODEX } from './codex/client.ts'
import { LANGCHAIN } from './langchain/client.ts'
import { OPENAI } from './openai/client.ts'
import { OPENCLAW } from './openclaw/client.ts'
import { OPENCODE } from './opencode/client.ts'

/** All clients, in the order of their runs. */
export const CLIENTS: readonly Client[] = [
  OPENCLAW,
  CODEX,
  CLAUDE_CODE,
  OPENCODE,
  OPENAI,
  ANTHROPIC,
  AI_SDK,
  LANGCHAIN,
]
