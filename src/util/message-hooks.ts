import type {HookName} from '../contract/plugins.js'

/** The hooks that a message meets. The others are about connections and rooms, and may take longer. */
export const MESSAGE_HOOKS: ReadonlySet<HookName> = new Set<HookName>([
  'frameReceived',
  'beforeMessage',
  'afterMessage',
])
