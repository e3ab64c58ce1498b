import type { TextOutput } from './host.ts'

/** Functions that style a text for one output. Without colors they return it unchanged. */
export interface Styles {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

/** Codes of ECMA-48, start and end. They use the terminal's own theme, dark or light. */
const CODES: Readonly<Record<keyof Styles, readonly [start: number, end: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

/** Creates the styles for an output. */
export function stylesFor({ hasColors }: TextOutput): Styles {
  const style = (name: keyof Styles) => (text: string) => {
    const [start, end] = CODES[name]
    return hasColors ? `\x1b[${start}m${text}\x1b[${end}m` : text
  }
  return {
    ...{ bold: style('bold'), dim: style('dim'), red: style('red'), green: style('green') },
    ...{ yellow: style('yellow'), cyan: style('cyan') },
  }
}
