import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { OperationError } from '#protocol'

/** A thread that works on one input, and is asked for one value after another. */
export interface Thread<Value> {
  /** Null after the last one. @throws OperationError as it was thrown there */
  next(): Promise<Value | null>
  close(): Promise<void>
}

type Answer<Value> =
  | { value: Value | null }
  | { refused: { code: OperationError['code']; message: string; details?: unknown } }

const heapMb = 384

/** Begins the script in a thread of its own: what is worked on there does not hold the loop. @param moved goes there and is empty here: no copy of it is made */
export function openThread<Value>(script: URL, input: unknown, moved: ArrayBuffer[] = []): Thread<Value> {
  const worker = new Worker(script, {
    workerData: input,
    transferList: moved,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  })
  return {
    async next() {
      const pending = once(worker, 'message') as Promise<[Answer<Value>]>
      worker.postMessage('next')
      const [answer] = await pending.catch(asRefusal)
      if ('value' in answer) return answer.value
      throw new OperationError(answer.refused.code, answer.refused.message, answer.refused.details)
    },
    close: async () => void (await worker.terminate()),
  }
}

/** The other side: gives the values of the input as they are asked for. */
export function serveThread<Input, Value>(
  valuesOf: (input: Input) => Iterable<Value> | AsyncIterable<Value>,
): void {
  const values = iteratorOf(valuesOf(workerData as Input))
  const answer = (message: Answer<Value>) => parentPort!.postMessage(message)
  parentPort!.on('message', async () => {
    try {
      const { done, value } = await values.next()
      answer({ value: done ? null : value })
    } catch (error) {
      if (!(error instanceof OperationError)) throw error
      answer({ refused: { code: error.code, message: error.message, details: error.details } })
    }
  })
}

async function* iteratorOf<Value>(values: Iterable<Value> | AsyncIterable<Value>): AsyncGenerator<Value> {
  yield* values
}

function asRefusal(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
    throw new OperationError('PAYLOAD_TOO_LARGE', 'The file takes too much memory to be read.')
  throw error
}
