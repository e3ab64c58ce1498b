import { AI_SDK } from './ai-sdk.ts'
import { ANTHROPIC } from './anthropic.ts'
import { CLAUDE_AGENT_SDK } from './claude-agent-sdk.ts'
import { CLAUDE_CODE } from './claude-code.ts'
import { CLINE } from './cline.ts'
import { CODEX } from './codex.ts'
import { CONTINUE } from './continue.ts'
import { COPILOT } from './copilot.ts'
import { CURL } from './curl.ts'
import { LANGCHAIN } from './langchain.ts'
import { LANGCHAIN_ANTHROPIC } from './langchain-anthropic.ts'
import { LIBRECHAT } from './librechat.ts'
import { MASTRA } from './mastra.ts'
import { NODE } from './node.ts'
import { OPEN_WEBUI } from './open-webui.ts'
import { OPENAI } from './openai.ts'
import { OPENAI_AGENTS } from './openai-agents.ts'
import { OPENCLAW } from './openclaw.ts'
import { OPENCODE } from './opencode.ts'
import { PI } from './pi.ts'
import { PYTHON } from './python.ts'
import { QWEN_CODE } from './qwen-code.ts'
import type { ClientDefinition } from './client.ts'

/** All clients, in the order of lists. */
export const CLIENTS: readonly ClientDefinition[] = [
  OPENCLAW,
  CODEX,
  CLAUDE_CODE,
  OPENCODE,
  COPILOT,
  CLINE,
  CONTINUE,
  QWEN_CODE,
  PI,
  OPEN_WEBUI,
  LIBRECHAT,
  CURL,
  NODE,
  PYTHON,
  OPENAI,
  ANTHROPIC,
  AI_SDK,
  LANGCHAIN,
  LANGCHAIN_ANTHROPIC,
  OPENAI_AGENTS,
  CLAUDE_AGENT_SDK,
  MASTRA,
]
