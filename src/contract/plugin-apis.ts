/** What each built-in plugin provides under its own name, for embedders and for the admin channel. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the plugins, one line each
export interface PluginApis {}

export type BuiltInName = 'metrics' | 'cache' | 'security' | 'analytics'
