import type {AnalyticsEventType, RankKey} from '../contract/analytics.js'

/** Shared by the admin channel, which checks them, and the commands, which offer them. */
export const ANALYTICS_EVENT_TYPES = [
  'user_connected',
  'user_disconnected',
  'message_sent',
  'game_started',
  'game_ended',
  'room_created',
  'room_joined',
  'room_left',
  'error',
] as const satisfies readonly AnalyticsEventType[]

export const RANK_KEYS = [
  'playtime',
  'messages',
  'sessions',
  'games',
  'wins',
  'peak',
] as const satisfies readonly RankKey[]
