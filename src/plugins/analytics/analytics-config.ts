import type {z} from 'zod'
import type {analyticsKeys} from '../../config/analytics-keys.js'

/** Checked values of the group `analytics`. */
export type AnalyticsConfig = {readonly [Key in keyof typeof analyticsKeys]: z.output<(typeof analyticsKeys)[Key]>}
