import { SyntaxKind } from 'typescript/unstable/ast'
import { createScanner, type Scanner } from 'typescript/unstable/ast/scanner'

/** A regular expression literal in a source file. */
export interface Literal {
  text: string
  line: number
}

/** Tokens behind which a slash divides; behind all others it begins a regular expression. */
const ENDS_OF_VALUES = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.PrivateIdentifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.SuperKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
  SyntaxKind.PlusPlusToken,
  SyntaxKind.MinusMinusToken,
])

/** The regular expression literals of TypeScript, in order. */
export function findLiterals(code: string): Literal[] {
  const scanner = createScanner(true, undefined, code)
  const literals: Literal[] = []
  /** The braces that are open in each template that surrounds the token. */
  const templates: number[] = []
  let previous: SyntaxKind | undefined
  for (;;) {
    const kind = rescan(scanner, scanner.scan(), previous, templates)
    if (kind === SyntaxKind.EndOfFile) return literals
    if (kind === SyntaxKind.RegularExpressionLiteral) {
      const line = code.slice(0, scanner.getTokenStart()).split('\n').length
      literals.push({ text: scanner.getTokenText(), line })
    }
    previous = kind
  }
}

/** What a token is where it stands: a scanner by itself cannot tell a division or a template's rest. */
function rescan(
  scanner: Scanner,
  kind: SyntaxKind,
  previous: SyntaxKind | undefined,
  templates: number[],
): SyntaxKind {
  const isSlash = kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken
  if (isSlash && !ENDS_OF_VALUES.has(previous ?? SyntaxKind.Unknown)) {
    return scanner.reScanSlashToken()
  }
  const last = templates.length - 1
  if (kind === SyntaxKind.TemplateHead) templates.push(0)
  else if (kind === SyntaxKind.OpenBraceToken && last >= 0) templates[last]!++
  else if (kind === SyntaxKind.CloseBraceToken && last >= 0) {
    if (templates[last]! > 0) templates[last]!--
    else {
      const rest = scanner.reScanTemplateToken(false)
      if (rest === SyntaxKind.TemplateTail) templates.pop()
      return rest
    }
  }
  return kind
}
