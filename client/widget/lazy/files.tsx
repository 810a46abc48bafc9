import type { Language } from '#protocol'
import type { Client } from '../../sdk/index.ts'
import { AttachButton, AttachedFiles, PickedFiles } from '../../ui/attachments.tsx'
import { fileWords } from '../../ui/file-words.ts'
import { createFiles, type Files } from '../../ui/files.ts'
import type { Shown } from '../core/context.ts'
import { errorSentence } from '../core/shared.ts'
import { useLazy } from './words.ts'

/** Of one person, for whatever they say next. */
export function filesOf(client: Client<'visitor'>): Files {
  return createFiles(client, client.slots)
}

const sentenceOf = (code: string, language: Language) => errorSentence(code, language, fileWords)

export function Attach({ files }: { files: Files }) {
  const { t } = useLazy()
  return <AttachButton files={files} t={t} />
}

export function Picked({ files }: { files: Files }) {
  const { language, t } = useLazy()
  return <PickedFiles files={files} errorSentence={sentenceOf} language={language} t={t} />
}

/** What came with words, and what became of those. */
export function Attached({ of }: { of: Partial<Pick<Shown, 'attachments' | 'edited_at' | 'removed'>> }) {
  const { model, language, t } = useLazy()
  const mark = of.removed ? 'removed' : of.edited_at && 'edited'
  return (
    <>
      <AttachedFiles files={of.attachments} access={model.client.access} language={language} t={t} />
      {mark && <p class="meta">{t(mark)}</p>}
    </>
  )
}
