import { AI_SDK } from './ai-sdk/client.ts'
import { ANTHROPIC } from './anthropic/client.ts'
import { CLAUDE_AGENT_SDK } from './claude-agent-sdk/client.ts'
import { CLAUDE_CODE } from './claude-code/client.ts'
import type { Client } from './client.ts'
import { CLINE } from './cline/client.ts'
import { CODEX } from './codex/client.ts'
import { COPILOT } from './copilot/client.ts'
import { LANGCHAIN } from './langchain/client.ts'
import { LANGCHAIN_ANTHROPIC } from './langchain-anthropic/client.ts'
import { MASTRA } from './mastra/client.ts'
import { OPENAI_AGENTS } from './openai-agents/client.ts'
import { OPENAI } from './openai/client.ts'
import { OPENCLAW } from './openclaw/client.ts'
import { OPENCODE } from './opencode/client.ts'
import { PI } from './pi/client.ts'
import { QWEN_CODE } from './qwen-code/client.ts'

/** All clients, in the order of their runs. */
export const CLIENTS: readonly Client[] = [
  OPENCLAW,
  CODEX,
  CLAUDE_CODE,
  OPENCODE,
  COPILOT,
  CLINE,
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
