import { EXIT } from '../../entry/exit-codes.ts'
import { completeWords, type CompletionContext } from './candidates.ts'
import { FILE_MARK, NEXT_WORD } from './protocol.ts'

/**
 * Prints a line for each word that can follow, with its description behind a tab. The scripts of
 * `completion` call it with the words of the command line.
 */
export async function printCandidates(
  args: readonly string[],
  context: CompletionContext,
): Promise<number> {
  const words = args.slice(args.indexOf('--') + 1)
  const isNext = args[0] === NEXT_WORD
  const found = await completeWords(isNext ? [...words, ''] : words, context)
  const lines = found.type === 'file'
    ? [FILE_MARK]
    : found.words.map(({ value, description }) => `${value}\t${description}`)
  context.host.stdout.write(lines.map((line) => `${line}\n`).join(''))
  return EXIT.success
}
