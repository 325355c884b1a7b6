import type {TopAction} from '../../ops/top/top-actions.js'
import type {TopState} from './top-state.js'

/** What is to be done besides drawing anew. */
export type TopEffect =
  | {readonly kind: 'quit'}
  | {readonly kind: 'suspend'}
  | {readonly kind: 'redraw'}
  | {readonly kind: 'snapshot'}
  | {readonly kind: 'act'; readonly action: TopAction}

/** What a key led to. */
export interface Pressed {
  readonly state: TopState
  readonly effect?: TopEffect
}
