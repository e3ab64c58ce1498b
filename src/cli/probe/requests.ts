/** The model that is asked in the format COHERE. */
export const COMMAND_A = 'cohere.command-a-03-2025'
/** The cheapest question. */
export const QUESTION = 'Reply with the word OK.'
/** A white image of 64 by 64 pixels. */
export const IMAGE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIPuX' +
  '1hD77SAA6VEEAoFAIBAIBAKBQCAQfA8Gpwvw4qrwDDIAAAAASUVORK5CYII='

/** The tool of the requests, and the arguments of its call. */
export const TOOL_NAME = 'add'
const PARAMETERS = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
}
export const ARGUMENTS = { a: 1, b: 1 }

/** How a family's requests are made. */
export interface Asking {
  model: string
  ask(request: object): object
  say(text: string): object
}

/** Asks a model in the format GENERIC. */
export function generic(model: string): Asking {
  return {
    model,
    ask: (request) => ({
      servingMode: { servingType: 'ON_DEMAND', modelId: model },
      chatRequest: { apiFormat: 'GENERIC', ...request },
    }),
    say: (text) => ({ messages: [message('USER', text)] }),
  }
}

/** Asks Command A in the format COHERE. */
export function cohere(): Asking {
  return {
    model: COMMAND_A,
    ask: (request) => ({
      servingMode: { servingType: 'ON_DEMAND', modelId: COMMAND_A },
      chatRequest: { apiFormat: 'COHERE', ...request },
    }),
    say: (text) => ({ message: text }),
  }
}

/** A GENERIC message with one text. */
export function message(role: string, text: string): object {
  return { role, content: [{ type: 'TEXT', text }] }
}

/** A question, a call of a tool with or without text, and its result. */
export function toolTurn(text?: string): object {
  const call = {
    type: 'FUNCTION',
    id: 'call1',
    name: TOOL_NAME,
    arguments: JSON.stringify(ARGUMENTS),
  }
  const content = text === undefined ? {} : { content: [{ type: 'TEXT', text }] }
  return {
    messages: [
      message('USER', 'Add 1 and 1.'),
      { role: 'ASSISTANT', ...content, toolCalls: [call] },
      { ...message('TOOL', '2'), toolCallId: 'call1' },
    ],
    ...TOOLS,
  }
}

/** The members of a GENERIC request that offer the tool. */
export const TOOLS = {
  tools: [{ type: 'FUNCTION', name: TOOL_NAME, description: 'Adds', parameters: PARAMETERS }],
}
