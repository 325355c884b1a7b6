/** [protocol 2] Ids of users and rooms are integers from 1 to this. */
export const MAX_ID = 4_294_967_295
/** [protocol 3] Longest frame a server sends, in bytes. */
export const MAX_SERVER_FRAME_BYTES = 262_144
/** [protocol 3] Most members that `room_joined` lists, and the size above which joins and leaves are summed up. */
export const MAX_LISTED_MEMBERS = 200
/** [protocol 3] Guests get an id from this range. */
export const GUEST_IDS = {first: 3_000_000_000, last: 3_999_999_999} as const
export const PROTOCOL_VERSION = 1
export const MAX_NICKNAME_CHARACTERS = 32
export const MAX_LISTED_ROOMS = 100
export const DEFAULT_LISTED_ROOMS = 20
