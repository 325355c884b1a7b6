/**
 * An AbortSignal that is aborted by the first SIGINT or SIGTERM, so that a command can end in order. The second one ends
 * the process as it would have without this.
 */
export function stopSignal(): {readonly signal: AbortSignal; dispose(): void} {
  const controller = new AbortController()
  const stop = () => {
    dispose()
    controller.abort()
  }
  const dispose = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return {signal: controller.signal, dispose}
}
