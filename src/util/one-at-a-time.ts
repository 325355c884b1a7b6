/**
 * Makes a job run one at a time. Who asks while it runs gets the next run and shares it with all who ask until it begins,
 * so it sees what any of them changed before. No more than one run is under way, and one waits.
 */
export function oneAtATime<Result>(job: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<Result> | undefined

  const runNext = async (): Promise<Result> => {
    await running
    next = undefined
    const run = job()
    // Those who asked hear of a failure; for the run behind it is only an end.
    running = run.catch(() => {})
    return run
  }
  return () => {
    next ??= runNext()
    return next
  }
}
