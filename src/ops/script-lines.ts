import {StringDecoder} from 'node:string_decoder'

export interface ScriptLine {
  /** From 1. */
  readonly number: number
  /** Undefined when the line was longer than the limit; its text is not kept. */
  readonly text: string | undefined
}

/**
 * Splits a stream into lines, one at a time: nothing is read while a line is being worked on but the chunk that is there.
 * A line beyond `maxCharacters` is skipped without being gathered. Empty lines are left out, but counted.
 */
export async function* scriptLines(
  input: AsyncIterable<Buffer | string>,
  maxCharacters: number,
): AsyncGenerator<ScriptLine> {
  const decoder = new StringDecoder('utf8')
  let number = 1
  // Bounded by maxCharacters and one chunk.
  let begun = ''
  let isTooLong = false
  const finish = (): ScriptLine | undefined => {
    const line = {number, text: isTooLong ? undefined : begun.replace(/\r$/, '')}
    number += 1
    begun = ''
    isTooLong = false
    return line.text?.trim() === '' ? undefined : line
  }
  for await (const chunk of input) {
    const parts = (typeof chunk === 'string' ? chunk : decoder.write(chunk)).split('\n')
    for (const [index, part] of parts.entries()) {
      if (index > 0) {
        const line = finish()
        if (line) yield line
      }
      if (begun.length + part.length > maxCharacters) {
        isTooLong = true
        begun = ''
      } else if (!isTooLong) {
        begun += part
      }
    }
  }
  begun += decoder.end()
  const last = begun === '' && !isTooLong ? undefined : finish()
  if (last) yield last
}
