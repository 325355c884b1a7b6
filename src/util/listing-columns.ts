/** Of what a list may be filtered by. */
export const MAX_FILTER_CHARACTERS = 64

/**
 * The columns of lists that operators see, by the name that is printed and sorted by, with the field that fills them.
 * Shared by the server, which sorts, and the commands, which print.
 */
export const LISTING_COLUMNS = {
  rooms: {
    room: 'roomId',
    users: 'userCount',
    game: 'game',
    state: 'gameState',
    created: 'createdAt',
    active: 'lastActivity',
  },
  users: {
    user: 'userId',
    name: 'nickname',
    address: 'address',
    connected: 'connectedAt',
    rooms: 'rooms',
    messages: 'messages',
    unsent: 'unsentBytes',
  },
  closed: {
    closed: 'closedAt',
    reason: 'reason',
    user: 'userId',
    name: 'nickname',
    address: 'address',
    lasted: 'durationMs',
    messages: 'messages',
    in: 'bytesIn',
    out: 'bytesOut',
    unsent: 'unsentBytes',
  },
  roomStats: {
    room: 'roomId',
    users: 'userCount',
    rate: 'messagesPerMinute',
    active: 'lastActivity',
    game: 'game',
    state: 'gameState',
  },
  blocks: {
    target: 'target',
    kind: 'kind',
    rule: 'rule',
    since: 'since',
    ends: 'until',
    author: 'author',
    reason: 'reason',
  },
  allowed: {
    target: 'target',
    kind: 'kind',
    since: 'since',
    ends: 'until',
    author: 'author',
    reason: 'reason',
  },
  cache: {
    key: 'key',
    tier: 'tier',
    form: 'form',
    hits: 'hits',
    size: 'storedBytes',
    raw: 'rawBytes',
    age: 'ageMs',
    ttl: 'ttlMs',
  },
} as const

export type ListingName = keyof typeof LISTING_COLUMNS

/** Names one can sort a list by. */
export function sortKeys(listing: ListingName): string[] {
  return Object.keys(LISTING_COLUMNS[listing])
}
