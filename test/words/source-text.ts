import { SyntaxKind } from 'typescript/unstable/ast'
import { createScanner } from 'typescript/unstable/ast/scanner'

/** A comment, or a piece of a string, of a source file. */
export interface SourceText {
  text: string
  /** Its first line, from 1. */
  line: number
}

const TEXTS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.SingleLineCommentTrivia,
  SyntaxKind.MultiLineCommentTrivia,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
])

/** Tokens after which a slash divides; after any other one it begins a regular expression. */
const OPERANDS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.PrivateIdentifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
])

/** The comments and the literal text of TypeScript code; regular expressions and names are left out. */
export function sourceTexts(code: string): SourceText[] {
  const found: SourceText[] = []
  for (const { kind, text, start } of tokensOf(code)) {
    if (TEXTS.has(kind)) found.push({ text, line: code.slice(0, start).split('\n').length })
  }
  return found
}

function* tokensOf(code: string): Generator<{ kind: SyntaxKind; text: string; start: number }> {
  const scanner = createScanner(false)
  scanner.setText(code)
  let last = SyntaxKind.Unknown
  /** For each template that is open, the braces that are open in its substitution. */
  const templates: number[] = []
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    const depth = templates.length - 1
    if (kind === SyntaxKind.OpenBraceToken && depth >= 0) templates[depth]! += 1
    if (kind === SyntaxKind.CloseBraceToken && depth >= 0) {
      if (templates[depth] === 0) kind = scanner.reScanTemplateToken(false)
      else templates[depth]! -= 1
    }
    if (isSlash(kind) && !OPERANDS.has(last)) kind = scanner.reScanSlashToken()
    if (kind === SyntaxKind.TemplateHead) templates.push(0)
    if (kind === SyntaxKind.TemplateTail) templates.pop()
    yield { kind, text: scanner.getTokenText(), start: scanner.getTokenStart() }
    if (!isTrivia(kind)) last = kind
  }
}

function isSlash(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken
}

function isTrivia(kind: SyntaxKind): boolean {
  return kind >= SyntaxKind.SingleLineCommentTrivia && kind <= SyntaxKind.WhitespaceTrivia
}
