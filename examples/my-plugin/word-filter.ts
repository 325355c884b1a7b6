import {definePlugin, GsError} from '@gsrv/gs'

export interface WordFilterConfig {
  /** Refused wherever they stand as whole words; upper and lower case are the same. */
  words: string[]
  /** With this many refused messages the connection is closed. */
  strikes: number
  /** How often the counts go to the log, in milliseconds. */
  reportEveryMs: number
}

/** What the plugin provides: `server.provided('word-filter')`. */
export interface WordFilterCounts {
  readonly chats: number
  readonly refused: number
}

/**
 * Refuses chat with unwanted words, closes the connection of those who go on, and writes to the log now and then how much
 * it had to do. In the configuration:
 *
 *     plugins: [./word-filter.ts]
 *     word-filter:
 *       words: [darn, heck]
 */
export const wordFilter = definePlugin({
  name: 'word-filter',
  configSchema: {parse: readConfig},

  setup(host, {words, strikes, reportEveryMs}) {
    const unwanted = new Set(words.map(word => word.toLowerCase()))
    // By user; bounded by the connected users, as whoever leaves is forgotten.
    const strikesByUser = new Map<number, number>()
    let chats = 0
    let refused = 0

    host.hook('beforeMessage', ({userId, message}) => {
      if (message.type !== 'chat' || !wordsOf(message.message).some(word => unwanted.has(word))) return
      const count = (strikesByUser.get(userId) ?? 0) + 1
      strikesByUser.set(userId, count)
      throw new GsError('content_rejected', `mind your words (${count} of ${strikes})`, {
        rule: 'unwanted-word',
        // biome-ignore lint/suspicious/noThenProperty: what becomes of the sender then; nobody awaits this object
        then: count < strikes ? 'answer' : 'close',
      })
    })

    host.hook('afterMessage', ({message, error}) => {
      if (message?.type !== 'chat') return
      chats += 1
      if (error?.rule === 'unwanted-word') refused += 1
    })

    host.on('userDisconnected', ({userId}) => {
      strikesByUser.delete(userId)
    })

    host.every(reportEveryMs, () => host.log.info({chats, refused}, 'word filter'))

    host.provide('word-filter', {
      get chats() {
        return chats
      },
      get refused() {
        return refused
      },
    } satisfies WordFilterCounts)

    return {
      close: () => host.log.info({chats, refused}, 'word filter ends'),
    }
  },
})

/** So that `plugins: ["./word-filter.ts"]` in a configuration finds it. */
export {wordFilter as plugin}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Any object with such a function is a schema; one of zod's would do as well. What it throws is shown to the operator. */
function readConfig(input: unknown): WordFilterConfig {
  const {words, strikes = 3, reportEveryMs = 60_000, ...others} = input as Record<string, unknown>
  const [stranger] = Object.keys(others)
  if (stranger !== undefined) throw new Error(`there is no key ${stranger}; keys are words, strikes and reportEveryMs`)
  if (!isListOfWords(words)) throw new Error('words must be a list of single words, at least one')
  return {words, strikes: wholeNumber(strikes, 'strikes'), reportEveryMs: wholeNumber(reportEveryMs, 'reportEveryMs')}
}

function isListOfWords(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(word => typeof word === 'string' && wordsOf(word).length === 1)
  )
}

function wholeNumber(value: unknown, name: string): number {
  const isFine = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 2_147_483_647
  if (!isFine) throw new Error(`${name} must be a whole number from 1`)
  return value as number
}
