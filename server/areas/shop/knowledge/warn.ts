import type { DocumentWarningStorage } from '#storage/shop/document-warning'
import { letters } from '../../../mail/letters.ts'
import type { Mail } from '../../../mail/mail.ts'

export interface EndingWarnerDeps {
  warnings: DocumentWarningStorage
  mail: Pick<Mail, 'seal' | 'wake'>
  /** Where the mail goes. */
  administrators(): Promise<string[]>
  /** Ids of documents whose last day is near. */
  listEnding(): Promise<string[]>
  /** The page of the console with the documents. */
  consoleUrl: string
}

/** Administrators are told by mail, once for each last day, that answers will soon be taken from a document no more. */
export function createEndingWarner({
  warnings,
  mail,
  administrators,
  listEnding,
  consoleUrl,
}: EndingWarnerDeps) {
  return async function warnOfEnding(): Promise<void> {
    const ids = await listEnding()
    if (ids.length === 0) return
    const documents = await warnings.due(ids)
    if (documents.length === 0) return
    // In the language that most of them are in.
    const chinese = documents.filter(({ language }) => language === 'zh').length
    const language = chinese * 2 > documents.length ? 'zh' : 'en'
    const values = { documents, link: consoleUrl }
    const sealed = (await administrators()).map(to => mail.seal(letters.ending({ to, language }, values)))
    if (await warnings.warn(documents, sealed)) mail.wake()
  }
}
