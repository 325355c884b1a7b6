import type {Readable, Writable} from 'node:stream'
import {setTimeout as wait} from 'node:timers/promises'
import {FIRST_OWN_SEQ, GsClient} from '../client/game-client.js'
import type {HelloMessage, ServerMessage} from '../contract/messages.js'
import {GsError} from '../errors.js'
import {visibleJson} from '../util/visible-text.js'
import type {ConnectTarget} from './connect.js'
import {EchoCount} from './echo-count.js'
import {type ScriptLine, scriptLines} from './script-lines.js'

export interface ScriptOptions {
  readonly target: ConnectTarget
  /** Joined before the first line is sent. */
  readonly rooms: readonly number[]
  /** JSON objects, one a line, as they go on the wire. */
  readonly input: Readable
  /** Gets every frame of the server as one line of JSON. */
  readonly output: Writable
  /** Told what is wrong with a line; the others are sent all the same. */
  readonly onBadLine: (number: number, reason: string) => void
  /**
   * How long to go on printing after the input has ended, in milliseconds. Left out: until every reply and echo is there,
   * at most `echoWaitMs` after the last reply.
   */
  readonly lingerMs?: number | undefined
  /** Default 500. */
  readonly echoWaitMs?: number | undefined
}

export interface ScriptResult {
  readonly sentMessages: number
  readonly badLines: number
}

const DEFAULT_ECHO_WAIT_MS = 500
/** Far beyond what a server takes, and yet nothing to worry about. */
const MAX_LINE_CHARACTERS = 4_194_304
/** A long script waits in the server's queue, too. */
const REQUEST_TIMEOUT_MS = 60_000

/**
 * Sends what the input says and prints what the server says, in order, with as little in memory as the two ends allow:
 * whoever is slow slows the others down.
 *
 * @throws {GsError} server_unreachable; connection_closed when the server closed the connection; the code of the error
 * when a room of `rooms` cannot be joined.
 */
export async function runScript(options: ScriptOptions): Promise<ScriptResult> {
  const lines = scriptLines(options.input, MAX_LINE_CHARACTERS)
  const {target, rooms} = options
  const isNamed = target.userId !== undefined || target.nickname !== undefined || rooms.length > 0
  const first = isNamed ? undefined : (await lines.next()).value
  const hello = first ? helloOf(first) : undefined
  const client = await GsClient.connect({
    ...target,
    ...(hello && withoutType(hello)),
    reconnect: false,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  })
  const run = new ScriptRun(client, options)
  try {
    run.print({...client.welcome, ...(hello?.seq !== undefined && {seq: hello.seq})})
    for (const roomId of rooms) await client.joinRoom(roomId)
    if (first && !hello) await run.send(first)
    await run.untilOver(async () => {
      for await (const line of lines) await run.send(line)
      await run.drain(options)
    })
  } finally {
    options.input.destroy()
    await client.close()
  }
  return run.result
}

class ScriptRun {
  readonly #client: GsClient
  readonly #options: ScriptOptions
  readonly #echoes: EchoCount
  /** Rejects when the server closes the connection, resolves when nobody reads the output any more. */
  readonly #over = Promise.withResolvers<void>()
  #sentMessages = 0
  #badLines = 0

  constructor(client: GsClient, options: ScriptOptions) {
    this.#client = client
    this.#options = options
    this.#echoes = new EchoCount(client.userId)
    client.on('message', message => {
      this.#echoes.received(message)
      this.print(message)
    })
    client.on('close', ({error}) => {
      if (error) this.#over.reject(error)
    })
    options.output.once('error', () => this.#over.resolve())
    // Handled where the script waits; before that nobody may be waiting yet.
    this.#over.promise.catch(() => {})
  }

  get result(): ScriptResult {
    return {sentMessages: this.#sentMessages, badLines: this.#badLines}
  }

  async untilOver(work: () => Promise<void>): Promise<void> {
    await Promise.race([work(), this.#over.promise])
  }

  async send({number, text}: ScriptLine): Promise<void> {
    if (text === undefined) {
      this.#refuse(number, 'too long')
      return
    }
    try {
      const message = parseLine(text)
      const mayGoOn = this.#client.send(message)
      this.#sentMessages += 1
      this.#echoes.sent(message.type)
      if (!mayGoOn) await this.#client.drained()
    } catch (error) {
      if (!GsError.is(error) || error.code === 'connection_closed') throw error
      this.#refuse(number, error.message)
    }
  }

  /** The client's own business is not printed: the replies to its heartbeats, and the numbers of its requests. */
  print(message: ServerMessage): void {
    const {seq, ...rest} = message as ServerMessage & {seq?: number}
    const isOwn = seq !== undefined && seq >= FIRST_OWN_SEQ
    if (isOwn && message.type === 'heartbeat') return
    const {output} = this.#options
    const mayGoOn = output.write(`${visibleJson(JSON.stringify(isOwn ? rest : message))}\n`)
    if (mayGoOn || output.destroyed) return
    this.#client.pauseReading()
    output.once('drain', () => this.#client.resumeReading())
  }

  /** Waits until the server has answered everything, and what was said has come back. */
  async drain({lingerMs, echoWaitMs = DEFAULT_ECHO_WAIT_MS}: ScriptOptions): Promise<void> {
    await this.#everythingAnswered()
    if (lingerMs !== undefined) {
      await wait(lingerMs)
    } else if (!this.#echoes.isSettled) {
      await Promise.race([this.#echoes.settled(), wait(echoWaitMs)])
      // What came along with the last echo is still in this piece of the stream.
      await this.#everythingAnswered()
    }
  }

  /** Replies come in the order of the requests, so the reply to a heartbeat comes after all others. */
  async #everythingAnswered(): Promise<void> {
    try {
      await this.#client.heartbeat()
    } catch (error) {
      // A refusal is an answer, too.
      if (!GsError.is(error) || error.code === 'connection_closed' || error.code === 'timed_out') throw error
    }
  }

  #refuse(number: number, reason: string): void {
    this.#badLines += 1
    this.#options.onBadLine(number, reason)
  }
}

/** @throws {GsError} bad_message for what is no JSON object. */
function parseLine(text: string): {type: string} {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new GsError('bad_message', `not JSON: ${(error as Error).message}`, {cause: error})
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GsError('bad_message', 'not a JSON object')
  }
  // Whatever else is wrong with it, the server says.
  return value as {type: string}
}

/** A script may say hello itself when the flags do not. */
function helloOf({text}: ScriptLine): HelloMessage | undefined {
  try {
    const message = parseLine(text ?? '')
    return message.type === 'hello' ? (message as HelloMessage) : undefined
  } catch {
    // Said when the line's turn has come.
    return undefined
  }
}

function withoutType({userId, nickname, token}: HelloMessage): Pick<HelloMessage, 'userId' | 'nickname' | 'token'> {
  return {
    ...(userId !== undefined && {userId}),
    ...(nickname !== undefined && {nickname}),
    ...(token !== undefined && {token}),
  }
}
