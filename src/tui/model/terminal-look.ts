/** What a terminal can show. */
export interface TerminalLook {
  readonly isColored: boolean
  /** False: ASCII only. */
  readonly isUtf8: boolean
}

/** By the environment's locale; `platform` as in `process.platform`. */
export function isUtf8Locale(env: Readonly<Record<string, string | undefined>>, platform: string): boolean {
  // The first that is set and not empty decides, as in the C library.
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return platform === 'win32' || /utf-?8/i.test(locale)
}
