import { OPERATIONS } from './openapi/operations.ts'
import { withSection } from './generated-section.ts'

/** Replaces the table of routes in a page. */
export function withRoutes(page: string): string {
  const rows = OPERATIONS.map(({ method, path, tag, summary, key, body, query = {} }) => {
    const details = [
      ...(body ? [`body: ${body}`] : []),
      ...Object.keys(query).map((name) => `\`?${name}=\``),
    ]
    const cells = [`\`${method.toUpperCase()} ${path}\``, summary, tag, key, details.join(', ')]
    return `| ${cells.join(' | ')} |`
  })
  const table = ['| route | answers | API | key | request |', '|---|---|---|---|---|', ...rows, '']
  return withSection(page, 'routes', table.join('\n'))
}
