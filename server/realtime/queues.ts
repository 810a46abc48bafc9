/** One queue per name: work of the same name runs one after the other, in order of arrival. Empty queues are forgotten. */
export function createQueues() {
  const tails = new Map<string, Promise<unknown>>()

  /** Runs `work` after everything begun before under `name`, whatever became of that. */
  function run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = tails.get(name)
    const result = before ? before.then(work, work) : work()
    tails.set(name, result)
    const forget = () => {
      if (tails.get(name) === result) tails.delete(name)
    }
    result.then(forget, forget)
    return result
  }

  return { run }
}
