import { templateFolder } from '../fixtures/embedded-template.ts'

/** Before the first file: within a hook of one, on a busy machine, it would be what that file waits for in vain. */
export default async function prepareDatabase(): Promise<void> {
  await templateFolder()
}
