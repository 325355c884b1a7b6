/** A text as one word of bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Texts as the pattern of a `case`. */
export function alternatives(texts: readonly string[]): string {
  return texts.map(quoted).join('|')
}
