import { OperationError } from '#protocol'
import { fileProblem } from './problem.ts'
import type { ReadAnswer, ReadTask } from './reader.ts'
import { closeNetwork } from './sandbox.ts'

closeNetwork()

const framesMax = 6

/** The other side of `createReader`: one file after the other is read here, and nothing of the server is. */
process.on('message', async ({ file, isArchive }: ReadTask) => {
  const { readFile, unpackArchive } = await import('./read.ts')
  const reading: Promise<ReadAnswer> = isArchive
    ? unpackArchive(file.bytes).then(files => ({ files }))
    : readFile(file, progress => process.send!({ progress } satisfies ReadAnswer)).then(
        ({ sections, ...read }) => ({
          read: { ...read, sections: JSON.stringify(sections) },
        }),
      )
  process.send!(await reading.catch(refusal))
})

/** What a parser throws at a file is the file's fault, or our mistake: the frames say which, and hold none of its text. */
function refusal(error: unknown): ReadAnswer {
  if (error instanceof OperationError) {
    const { code, message, details } = error
    return { refused: { code, message, details } }
  }
  const { code, message, details } = fileProblem('damaged')
  const frames = (error as Error)?.stack?.match(/^ {4}at .+$/gm)?.slice(0, framesMax) ?? []
  return { refused: { code, message, details }, frames }
}
