import type {UserMessage} from '../../contract/messages.js'
import type {RefusalInfo} from '../../contract/plugins.js'
import type {GameService} from '../game-service.js'
import type {Read} from '../read.js'
import type {RoomService} from '../room-service.js'
import type {UserSession} from '../user-session.js'

/** What handlers act upon. */
export interface Services {
  readonly rooms: RoomService
  readonly games: GameService
  /** True while nobody else is let in and no game begins. */
  isOverloaded(): boolean
}

/**
 * Acts upon one message: null when it was accepted, else why not. A handler puts its own reply into the session's outbox;
 * refusals are answered by the caller. Only one that must wait returns a promise.
 */
export type Handler<Message extends UserMessage> = (
  services: Services,
  session: UserSession,
  message: Message,
  read: Read,
) => RefusalInfo | null | Promise<RefusalInfo | null>
