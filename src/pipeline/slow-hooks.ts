import type {TimedHook} from '../contract/plugins.js'

/** From this time on a hook is worth a note, in milliseconds. */
export const SLOW_HOOK_MS = 1
/** Frames whose hooks are noted at a time; each is taken when its handling ends. */
const MAX_NOTES = 64

/**
 * Hooks that took long of frames whose hooks are not timed as a whole: what is known all the same, because the hook was
 * the one call in so many that is timed, is no built-in's, or was waited for.
 */
export class SlowHooks {
  readonly #notes: {readonly frame: unknown; readonly hook: TimedHook}[] = []

  get isEmpty(): boolean {
    return this.#notes.length === 0
  }

  note(frame: unknown, hook: TimedHook): void {
    this.#notes.push({frame, hook})
    if (this.#notes.length > MAX_NOTES) this.#notes.shift()
  }

  /** Those of one frame, in their order; null: there are none. */
  take(frame: unknown): TimedHook[] | null {
    const own = this.#notes.filter(note => note.frame === frame)
    if (own.length === 0) return null
    const others = this.#notes.filter(note => note.frame !== frame)
    this.#notes.splice(0, this.#notes.length, ...others)
    return own.map(({hook}) => hook)
  }
}
