import type {ResolvedConfig} from '../config/resolve.js'

/** A checked configuration and where it comes from. */
export interface ServerSource extends ResolvedConfig {
  /** Folder that modules of plugins and games are looked up from. */
  readonly baseDir: string
  /** Names the place of plugins' configuration in errors. */
  readonly configOrigin: string
}
