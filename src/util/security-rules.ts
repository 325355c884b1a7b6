/** Fragments that chat is searched for, whatever their case, by the name of the rule. */
export const CONTENT_FRAGMENTS = {
  sql_drop: "'; DROP",
  sql_delete: "'; DELETE",
  sql_update: "'; UPDATE",
  sql_insert: "'; INSERT",
  script_tag: '<script',
  script_end_tag: '</script>',
  javascript_url: 'javascript:',
  onload_attribute: 'onload=',
  onerror_attribute: 'onerror=',
  onclick_attribute: 'onclick=',
  eval_call: 'eval(',
  document_cookie: 'document.cookie',
} as const

export type FragmentRule = keyof typeof CONTENT_FRAGMENTS

interface RuleFacts {
  /** Of the `error`; for rules that close, the reason of the close. */
  readonly code:
    | 'rate_limited'
    | 'message_too_large'
    | 'content_rejected'
    | 'address_full'
    | 'blocked'
    | 'protocol_abuse'
  readonly description: string
}

/** The rules besides the fragments, by name. */
const OTHER_RULES = {
  blocked_address: {code: 'blocked', description: 'Connections from a blocked address or range.'},
  blocked_user: {code: 'blocked', description: 'Connections of a blocked user.'},
  user_rate: {code: 'rate_limited', description: 'More messages than security.rateLimitPerMinute in any 60 s.'},
  game_action_rate: {
    code: 'rate_limited',
    description: 'More game_action than security.gameActionsPerSecond, with security.gameActionBurst at once.',
  },
  heartbeat_rate: {code: 'rate_limited', description: 'More heartbeat than 2 a second, with 10 at once.'},
  address_connections: {
    code: 'address_full',
    description:
      'More than security.connectionsPerAddress connections from one address before welcome, or ten times that after it.',
  },
  address_connects: {
    code: 'address_full',
    description: 'More new connections from one address than security.connectsPerMinute.',
  },
  address_rate: {
    code: 'rate_limited',
    description:
      'More frames from one address than security.addressRateLimitPerMinute before welcome, or than its users may send together after it.',
  },
  message_size: {code: 'message_too_large', description: 'A message of more than security.maxMessageBytes.'},
  burst: {code: 'blocked', description: 'More suspicion than security.suspiciousActivityThreshold.'},
  chat_length: {code: 'content_rejected', description: 'A chat of more than 1000 characters.'},
  room_id: {code: 'content_rejected', description: 'Joining a room with an id above 1000000.'},
  flood: {code: 'protocol_abuse', description: 'More than 1000 refusals a second, for 10 s.'},
} as const satisfies Record<string, RuleFacts>

export const SECURITY_RULES: {readonly [name: string]: RuleFacts} = {
  ...OTHER_RULES,
  ...Object.fromEntries(
    Object.entries(CONTENT_FRAGMENTS).map(([name, fragment]): [string, RuleFacts] => [
      name,
      {code: 'content_rejected', description: `A chat that contains ${fragment}`},
    ]),
  ),
}

export type SecurityRule = keyof typeof OTHER_RULES | FragmentRule

/** Rules that are no judgement of a message, so that they have no mode. */
export const MODELESS_RULES: ReadonlySet<string> = new Set<SecurityRule>(['blocked_address', 'blocked_user', 'flood'])
