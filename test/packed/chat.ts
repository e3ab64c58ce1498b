/** Sends a chat to a gateway, on a connection of its own. */
export async function chat(
  url: string,
  key = 'none',
): Promise<{ status: number; isAnswer: boolean }> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', connection: 'close' },
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({
      model: 'xai.grok-4.3',
      messages: [{ role: 'user', content: 'Hello' }],
    }),
  })
  const text = await response.text()
  return { status: response.status, isAnswer: text.includes('You said: Hello') }
}
