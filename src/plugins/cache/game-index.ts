import type {HeldSeat} from '../../contract/messages.js'
import type {KeptGame} from './kept-game.js'

/** Which games are kept, by room and by user. */
export class GameIndex {
  /** At most `maxGames`: the one who adds takes out the oldest closed ones first. */
  readonly #games = new Map<number, KeptGame>()
  /** Bounded by the seats of those. */
  readonly #roomsByUser = new Map<number, Set<number>>()

  get size(): number {
    return this.#games.size
  }

  get(roomId: number): KeptGame | undefined {
    return this.#games.get(roomId)
  }

  /** In the order of their last opening or closing. */
  values(): Iterable<KeptGame> {
    return this.#games.values()
  }

  put(game: KeptGame): void {
    this.remove(game.roomId)
    this.#games.set(game.roomId, game)
    for (const [userId] of game.seats) {
      const rooms = this.#roomsByUser.get(userId)
      if (rooms === undefined) this.#roomsByUser.set(userId, new Set([game.roomId]))
      else rooms.add(game.roomId)
    }
  }

  remove(roomId: number): KeptGame | undefined {
    const game = this.#games.get(roomId)
    if (game === undefined) return undefined
    this.#games.delete(roomId)
    for (const [userId] of game.seats) {
      const rooms = this.#roomsByUser.get(userId)
      rooms?.delete(roomId)
      if (rooms?.size === 0) this.#roomsByUser.delete(userId)
    }
    return game
  }

  gamesOf(userId: number): KeptGame[] {
    return [...(this.#roomsByUser.get(userId) ?? [])].map(roomId => this.#games.get(roomId) as KeptGame)
  }

  seatsOf(userId: number): HeldSeat[] {
    return this.gamesOf(userId).map(({roomId, game, seats}) => {
      const [, seat] = seats.find(([player]) => player === userId) as readonly [number, number]
      return {roomId, game, seat}
    })
  }
}
