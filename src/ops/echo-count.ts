import type {ServerMessage} from '../contract/messages.js'

/** What comes back to its sender by way of the room, besides the direct reply. */
type Echoed = 'chat' | 'game_action' | 'game_start'

const echoed = new Set<string>(['chat', 'game_action', 'game_start'] satisfies Echoed[])

/**
 * Counts what a sender still has to hear of its own messages: each either comes back through the room or is refused. It
 * is a guess, since others act in the room, too: it may never come to nought, so whoever waits for it needs a limit.
 */
export class EchoCount {
  readonly #userId: number
  readonly #awaited = new Map<string, number>()
  #onSettled: (() => void) | undefined

  constructor(userId: number) {
    this.#userId = userId
  }

  get isSettled(): boolean {
    return [...this.#awaited.values()].every(count => count <= 0)
  }

  sent(type: unknown): void {
    if (typeof type === 'string' && echoed.has(type)) this.#add(type, 1)
  }

  received(message: ServerMessage): void {
    switch (message.type) {
      case 'chat':
        if (message.userId === this.#userId) this.#add('chat', -1)
        break
      case 'game_action':
      case 'game_state':
        if (message.userId === this.#userId) this.#add('game_action', -1)
        break
      case 'game_started':
        this.#add('game_start', -1)
        break
      case 'error':
        if (message.messageType) this.#add(message.messageType, -1 - (message.suppressed ?? 0))
        break
    }
    if (this.isSettled) this.#onSettled?.()
  }

  /** Resolves once nothing is missing. */
  settled(): Promise<void> {
    if (this.isSettled) return Promise.resolve()
    const {promise, resolve} = Promise.withResolvers<void>()
    this.#onSettled = resolve
    return promise
  }

  #add(type: string, count: number): void {
    if (echoed.has(type)) this.#awaited.set(type, (this.#awaited.get(type) ?? 0) + count)
  }
}
