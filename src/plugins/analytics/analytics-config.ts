import type {z} from 'zod'
import type {analytics} from '../../config/analytics-keys.js'

/** Checked values of the group `analytics`. */
export type AnalyticsConfig = {readonly [Key in keyof typeof analytics]: z.output<(typeof analytics)[Key]>}
