/** The library's front: everything an embedder may import. */
export type {ClientClock} from './client/client-clock.js'
export type {ClientEvents, ConnectionEnd, ServerMessageOf} from './client/client-events.js'
export type {GsClientOptions} from './client/client-options.js'
export {GsClient} from './client/game-client.js'
export type {ReconnectOptions} from './client/reconnect-policy.js'

export type {ConfigInput as ServerOptions} from './config/schema.js'
export type {Dropped, TraceEvent} from './contract/admin.js'
export type {
  AnalyticsApi,
  AnalyticsEvent,
  AnalyticsEventType,
  AnalyticsReport,
  Cohort,
  EventFilter,
  EventQuery,
  ExportRequest,
  Forgotten,
  Heatmap,
  HeatmapQuery,
  QueryRequest,
  Ranking,
  RankKey,
  RankQuery,
  RealtimeStats,
  ReportTotals,
  Retention,
  Returned,
  RoomAnalytics,
  RowCell,
  RowLine,
  UserAnalytics,
} from './contract/analytics.js'
export type {
  CacheApi,
  CacheEntry,
  CacheEvents,
  CacheExplanation,
  CacheStats,
  EvictionCause,
  LoadOptions,
  SetOptions,
} from './contract/cache.js'
export type {Clock} from './contract/clock.js'
export type {CloseReason, GameOutcomeKind, WireErrorCode} from './contract/codes.js'
export type {Counters} from './contract/counters.js'
export type {
  GameContext,
  GameDefinition,
  GameLeave,
  GameMove,
  GameOutcome,
  GameSetup,
} from './contract/games.js'
export type {Logger} from './contract/logger.js'
export type {ClientMessage, JsonValue, ServerMessage, UserMessage} from './contract/messages.js'
export type {
  MetricsApi,
  MetricsHistory,
  MetricsSample,
  RoomMetrics,
  RoomStats,
  RoomStatsOptions,
  ServerMetrics,
  SlowMessage,
  UserMetrics,
} from './contract/metrics.js'
export type {
  AdminRequest,
  AdminRoute,
  HookName,
  Hooks,
  MessageAttempt,
  MessageRecord,
  PluginDefinition,
  PluginHost,
  PluginInstance,
  PluginStatus,
  SavedGame,
  ServerEventName,
  ServerEvents,
} from './contract/plugins.js'
export type {
  AllowRequest,
  AllowView,
  AuditEntry,
  BlockEvidence,
  BlockFilter,
  BlockRequest,
  BlockSummary,
  BlockView,
  PortableBlock,
  RuleMode,
  RuleView,
  SecurityApi,
  SecurityStats,
  SecurityTarget,
  TargetResult,
  UnblockRequest,
  UserSecurity,
} from './contract/security.js'
export type {ClosedConnection, RoomDirectory, RoomView, UserDirectory, UserView} from './contract/views.js'
export {CLOSE_REASONS, ERRORS, type ErrorCode, GsError, type GsErrorOptions, refuse} from './errors.js'
export {defineGame} from './games/define-game.js'
export {createServer, type ServerSurroundings} from './ops/create-server.js'
export {createTestServer, type TestServer} from './ops/create-test-server.js'
export {definePlugin} from './pipeline/define-plugin.js'
export type {GameServer} from './server/game-server.js'
