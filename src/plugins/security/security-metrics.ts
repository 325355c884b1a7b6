import type {MetricSource} from '../../contract/metric-registry.js'
import type {SecurityApi} from '../../contract/security.js'

/** What monitors are told; who is blocked is none of their labels. */
export function securityMetrics({stats, rules}: Pick<SecurityApi, 'stats' | 'rules'>): MetricSource[] {
  return [
    {
      name: 'security_decisions_total',
      help: 'Messages and connections that broke a rule.',
      type: 'counter',
      read: () =>
        rules().flatMap(({name: rule, refused, wouldRefuse}) => [
          {labels: {rule, action: 'refused'}, value: refused},
          {labels: {rule, action: 'counted'}, value: wouldRefuse},
        ]),
    },
    {
      name: 'security_blocks_active',
      help: 'Blocks in force.',
      type: 'gauge',
      read() {
        const {blockedUsers, blockedIps} = stats()
        return [
          {labels: {scope: 'user'}, value: blockedUsers},
          {labels: {scope: 'address'}, value: blockedIps},
        ]
      },
    },
    {
      name: 'security_blocks_created_total',
      help: 'Blocks that rules made.',
      type: 'counter',
      read: () => stats().ruleBlocks,
    },
    {
      name: 'security_blocks_unsaved',
      help: 'Blocks and liftings that are in force and not on the disk.',
      type: 'gauge',
      read: () => stats().unsaved,
    },
    {
      name: 'security_tracked_keys',
      help: 'Users and addresses whose budgets are kept.',
      type: 'gauge',
      read() {
        const {totalUsers, trackedAddresses} = stats()
        return [
          {labels: {scope: 'user'}, value: totalUsers},
          {labels: {scope: 'address'}, value: trackedAddresses},
        ]
      },
    },
    {
      name: 'security_evicted_suspects_total',
      help: 'Users and addresses with violations or suspicion that had to make room.',
      type: 'counter',
      read: () => stats().evictedSuspects,
    },
  ]
}
