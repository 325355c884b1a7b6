import type {ExpositionFormat} from '../../contract/metrics.js'
import type {PluginHost} from '../../contract/plugins.js'
import {CollectionPauses} from './collection-pauses.js'
import {EventFamilies} from './event-families.js'
import {writeExposition} from './exposition.js'
import type {Meter} from './meter.js'
import {counter, type MetricFamily, summary} from './metric-family.js'
import {processFamilies, readDescriptors} from './process-families.js'
import {RegisteredFamilies} from './registered-families.js'
import {roomFamilies} from './room-families.js'
import {serverFamilies} from './server-families.js'

/** All metrics of the server, its plugins and the process, as monitors read them. */
export class PrometheusText {
  readonly #host: PluginHost
  readonly #meter: Meter
  readonly #events: EventFamilies
  readonly #pauses = new CollectionPauses()
  readonly #registered: RegisteredFamilies
  readonly #readRoomLabels: () => number

  /** `readRoomLabels` tells how many rooms go by name. */
  constructor(host: PluginHost, meter: Meter, readRoomLabels: () => number) {
    this.#host = host
    this.#meter = meter
    this.#events = new EventFamilies(host)
    this.#registered = new RegisteredFamilies(host.log)
    this.#readRoomLabels = readRoomLabels
  }

  async write(format: ExpositionFormat): Promise<string> {
    const descriptors = await readDescriptors()
    // From here on nothing is waited for, so all is of one moment.
    const roomLabels = this.#readRoomLabels()
    const {reading, loopUtilizationPercent, rooms} = this.#meter.expose({withRooms: roomLabels > 0})
    const own = [
      ...serverFamilies(this.#host, reading),
      this.#meter.durations.family(),
      ...this.#events.families(),
      ...roomFamilies(rooms, roomLabels),
      ...processFamilies(reading, {loopUtilizationPercent, descriptors}),
      this.#pauses.family(),
    ]
    const names = new Set(own.map(({name}) => name))
    const registered = this.#registered.read(this.#host.metricSources(), names)
    const families = [...own, ...registered, ...this.#collection()]
    families.sort((one, other) => (one.name < other.name ? -1 : 1))
    return writeExposition(families, {labels: {instance_name: this.#host.serverName}, format})
  }

  close(): void {
    this.#pauses.close()
  }

  #collection(): MetricFamily[] {
    return [
      summary('gs_metrics_collection_duration_seconds', 'Time that sampling took on the main thread.', [
        this.#meter.collection,
      ]),
      counter('gs_metrics_series_dropped', 'Values of plugins that were left out.', this.#registered.dropped),
    ]
  }
}
