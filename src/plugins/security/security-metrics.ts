import type {MetricSource} from '../../contract/metric-registry.js'
import type {SecurityApi} from '../../contract/security.js'

/** What monitors are told; who is blocked is none of their labels. */
export function securityMetrics({stats, rules}: Pick<SecurityApi, 'stats' | 'rules'>): MetricSource[] {
  return [
    {
      name: 'security_decision_total',
      help: 'Messages and connections that broke a rule: refused, or only counted.',
      type: 'counter',
      read: () =>
        rules().flatMap(({name: rule, refused, wouldRefuse}) => [
          {labels: {rule, mode: 'enforce'}, value: refused},
          {labels: {rule, mode: 'shadow'}, value: wouldRefuse},
        ]),
    },
    {
      name: 'security_block_active',
      help: 'Blocks in force.',
      type: 'gauge',
      read() {
        const {blockedUsers, blockedIps} = stats()
        return [
          {labels: {scope: 'user'}, value: blockedUsers},
          {labels: {scope: 'ip'}, value: blockedIps},
        ]
      },
    },
    {
      name: 'security_block_created_total',
      help: 'Blocks that rules made.',
      type: 'counter',
      read: () => stats().ruleBlocks,
    },
    {
      name: 'security_block_unsaved',
      help: 'Blocks and liftings that are in force and not on the disk.',
      type: 'gauge',
      read: () => stats().unsaved,
    },
    {
      name: 'security_tracked_key_count',
      help: 'Users and addresses whose budgets are kept.',
      type: 'gauge',
      read() {
        const {totalUsers, trackedAddresses} = stats()
        return [
          {labels: {scope: 'user'}, value: totalUsers},
          {labels: {scope: 'ip'}, value: trackedAddresses},
        ]
      },
    },
    {
      name: 'security_tracked_key_evicted_total',
      help: 'Users and addresses with violations or suspicion that had to make room.',
      type: 'counter',
      read: () => stats().evictedSuspects,
    },
  ]
}
