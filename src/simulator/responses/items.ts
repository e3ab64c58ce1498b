import type { InputItem, InputPart, ResponsesRequest } from './request.ts'

/** The items of an input; a bare text is a user's message. */
export function itemsOf({ input }: Pick<ResponsesRequest, 'input'>): readonly InputItem[] {
  if (typeof input !== 'string') return input
  return [{ type: 'message', role: 'user', content: input }]
}

/** What an item says: a message its content, the result of a call its output. */
export function partsOf(item: InputItem | undefined): readonly InputPart[] {
  const said = item?.content ?? item?.output ?? []
  return typeof said === 'string' ? [{ type: 'input_text', text: said }] : said
}

/** The text of what an item says. */
export function textOf(item: InputItem | undefined): string {
  return partsOf(item).map(({ text }) => text ?? '').join('')
}
