import { CLIENT as AI_SDK } from './ai-sdk/client.ts'
import { CLIENT as ANTHROPIC } from './anthropic/client.ts'
import { CLIENT as CLAUDE_AGENT_SDK } from './claude-agent-sdk/client.ts'
import { CLIENT as CLAUDE_CODE } from './claude-code/client.ts'
import type { Client } from './client.ts'
import { CLIENT as CLINE } from './cline/client.ts'
import { CLIENT as CODEX } from './codex/client.ts'
import { CLIENT as CONTINUE } from './continue/client.ts'
import { CLIENT as COPILOT } from './copilot/client.ts'
import { CLIENT as LANGCHAIN } from './langchain/client.ts'
import { CLIENT as LANGCHAIN_ANTHROPIC } from './langchain-anthropic/client.ts'
import { CLIENT as MASTRA } from './mastra/client.ts'
import { CLIENT as OPENAI_AGENTS } from './openai-agents/client.ts'
import { CLIENT as OPENAI } from './openai/client.ts'
import { CLIENT as OPENCLAW } from './openclaw/client.ts'
import { CLIENT as OPENCODE } from './opencode/client.ts'
import { CLIENT as PI } from './pi/client.ts'
import { CLIENT as QWEN_CODE } from './qwen-code/client.ts'

/** All clients, in the order of their runs. */
export const CLIENTS: readonly Client[] = [
  OPENCLAW,
  CODEX,
  CLAUDE_CODE,
  OPENCODE,
  COPILOT,
  CLINE,
  CONTINUE,
  QWEN_CODE,
  PI,
  OPENAI,
  ANTHROPIC,
  AI_SDK,
  LANGCHAIN,
  LANGCHAIN_ANTHROPIC,
  OPENAI_AGENTS,
  CLAUDE_AGENT_SDK,
  MASTRA,
]
