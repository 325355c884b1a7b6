const NS_PER_US = 1000

/** Processor time of the main thread so far: what else the machine does must not count. */
export function threadUs(): number {
  const {user, system} = process.threadCpuUsage()
  return user + system
}

/** Nanoseconds of the main thread for each of `count` things that `task` does. */
export function nsForEach(count: number, task: () => void): number {
  const startUs = threadUs()
  task()
  return ((threadUs() - startUs) * NS_PER_US) / count
}
