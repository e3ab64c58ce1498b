/** The data of recorded streams of OCI, one line per event. */
export const RECORDINGS: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['text', [
    '{"index":0,"message":{"role":"ASSISTANT","content":[{"type":"TEXT","text":"THE"}]},"pad":"aaaaaaaa"}',
    '{"index":0,"message":{"role":"ASSISTANT","content":[{"type":"TEXT","text":" SUM"}]},"pad":"aa"}',
    '{"finishReason":"stop","pad":"aaaaaa"}',
    '{"usage":{"totalTokens":8,"promptTokens":5,"completionTokens":3}}',
  ]],
  ['text beyond ASCII', [
    '{"index":0,"message":{"role":"ASSISTANT","content":[{"type":"TEXT","text":"日本語 – naïve"}]}}',
    '{"index":0,"message":{"role":"ASSISTANT","content":[{"type":"TEXT","text":"👩‍👩‍👧 🇯🇵 e\u0301"}]}}',
    '{"message":{"role":"ASSISTANT"},"finishReason":"stop","pad":"aaa"}',
  ]],
  ['tool calls', [
    '{"index":0,"message":{"role":"ASSISTANT","toolCalls":[{"type":"FUNCTION","id":"chatcmpl-tool-e5f86a029","name":"sqrt"}]},"pad":"aaaaaa"}',
    '{"index":0,"message":{"role":"ASSISTANT","toolCalls":[{"type":"FUNCTION","arguments":"{\\"arg0\\": \\""}]},"pad":"aaa"}',
    '{"index":0,"message":{"role":"ASSISTANT","toolCalls":[{"type":"FUNCTION","arguments":"16\\"}"}]},"pad":"aaa"}',
    '{"message":{"role":"ASSISTANT","toolCalls":[{"type":"FUNCTION","arguments":""}]},"finishReason":"tool_calls","pad":"aaaaaaaaa"}',
    '[DONE]',
  ]],
]
