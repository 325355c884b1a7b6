/** What may be sent to an output stream. Decided once, at the start of a command. */
export interface Terminal {
  readonly isTerminal: boolean
  /** Colours and other styles are wanted. */
  readonly hasColor: boolean
  /** Width in columns; infinite where there is no terminal to fit. */
  readonly columns: number
}

/** The part of a `tty.WriteStream` that is looked at. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

const DEFAULT_COLUMNS = 80

/** `FORCE_COLOR` goes before `NO_COLOR`, as in Node; `TERM=dumb` understands no styles. */
export function describeTerminal(stream: OutputStream, env: NodeJS.ProcessEnv): Terminal {
  const isTerminal = stream.isTTY === true
  return {
    isTerminal,
    hasColor: wantsColor(isTerminal, env),
    columns: isTerminal ? stream.columns || DEFAULT_COLUMNS : Number.POSITIVE_INFINITY,
  }
}

function wantsColor(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.NO_COLOR) return false
  return isTerminal && env.TERM !== 'dumb'
}
