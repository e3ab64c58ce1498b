import { configSchemaText } from '../src/cli/config/schema.ts'
import { withSection } from './generated-section.ts'

/** Replaces the table of limits in a page with that of the configuration schema. */
export function withLimits(page: string): string {
  const { limits } = JSON.parse(configSchemaText()).properties
  const rows = Object.entries<{ description: string }>(limits.properties).map(
    ([name, { description }]) => {
      const [meaning, byDefault = ''] = description.split(' Default: ')
      return `| \`limits.${name}\` | ${meaning} | ${byDefault} |`
    },
  )
  const table = ['| setting | meaning | default |', '|---|---|---|', ...rows, ''].join('\n')
  return withSection(page, 'limits', table)
}
