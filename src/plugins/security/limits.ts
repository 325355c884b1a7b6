import type {Config} from '../../config/schema.js'

export type SecurityConfig = Config['security']

/** What no setting changes. */
export const HEARTBEAT_PACE = {perSecond: 2, burst: 10} as const
export const LIST_ROOMS_COST = 5
export const MAX_ROOM_ID = 1_000_000
export const BURST_SUSPICION = 10
/** Of a message that is too large, or whose content is rejected. */
export const REJECTED_SUSPICION = 1
/** Connected users an address may have, for each connection it may have before `welcome`. */
export const USERS_PER_NEWCOMER = 10
